package io.p2phost.standalone.suite;

import io.p2phost.standalone.suite.SuiteStatus.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of all parts: changed by who starts and watches them, shown by the console, kept in a file. */
public final class Board {
    private static final Logger log = LoggerFactory.getLogger(Board.class);

    /** Told of every change, in order. */
    public interface Listener {
        void changed(PartStatus part);
    }

    private final InstantSource clock;
    private final Path file;
    private final String form;
    private final int portOffset;
    private final Instant startedAt;
    private final Listener listener;
    private final Map<String, PartStatus> parts = new LinkedHashMap<>();
    private Phase phase = Phase.STARTING;
    private long readyMillis;

    public Board(
            InstantSource clock,
            Path file,
            String form,
            int portOffset,
            Instant startedAt,
            List<String> names,
            Listener listener) {
        this.clock = clock;
        this.file = file;
        this.form = form;
        this.portOffset = portOffset;
        this.startedAt = startedAt;
        this.listener = listener;
        names.forEach(name -> parts.put(name, PartStatus.waiting(name, clock.instant())));
        save();
    }

    synchronized void starting(String name) {
        change(name, PartState.STARTING, p -> p);
    }

    synchronized void ready(String name, Duration took, long pid) {
        change(
                name,
                PartState.READY,
                p -> new PartStatus(name, p.state(), p.since(), took.toMillis(), p.restarts(), pid, ""));
    }

    synchronized void restarting(String name, String why) {
        change(
                name,
                PartState.RESTARTING,
                p -> new PartStatus(name, p.state(), p.since(), p.startMillis(), p.restarts() + 1, 0, why));
    }

    synchronized void failed(String name, String why) {
        change(
                name,
                PartState.FAILED,
                p -> new PartStatus(name, p.state(), p.since(), p.startMillis(), p.restarts(), 0, why));
    }

    synchronized void stopping(String name) {
        change(name, PartState.STOPPING, p -> p);
    }

    synchronized void stopped(String name) {
        change(
                name,
                PartState.STOPPED,
                p -> new PartStatus(name, p.state(), p.since(), p.startMillis(), p.restarts(), 0, p.detail()));
    }

    synchronized void phase(Phase next) {
        phase = next;
        if (next == Phase.READY && readyMillis == 0) {
            readyMillis = Duration.between(startedAt, clock.instant()).toMillis();
        }
        save();
    }

    synchronized PartStatus part(String name) {
        PartStatus part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException(name + " (expected: one of " + parts.keySet() + ")");
        }
        return part;
    }

    public synchronized SuiteStatus picture() {
        return new SuiteStatus(
                phase,
                form,
                ProcessHandle.current().pid(),
                startedAt,
                readyMillis,
                portOffset,
                List.copyOf(parts.values()));
    }

    private void change(String name, PartState state, UnaryOperator<PartStatus> more) {
        PartStatus old = part(name);
        PartStatus base = new PartStatus(
                name, state, clock.instant(), old.startMillis(), old.restarts(), old.pid(), old.detail());
        PartStatus next = more.apply(base);
        parts.put(name, next);
        save();
        log.info("{} is {}{}", name, state.word(), next.detail().isEmpty() ? "" : ": " + next.detail());
        listener.changed(next);
    }

    private void save() {
        try {
            picture().write(file);
        } catch (IOException e) {
            // The picture is for people; the suite does not stop because it cannot be drawn.
            log.warn("{} cannot be written: {}", file, e.toString());
        }
    }
}
