package io.p2phost.agent.awake.logind;

import io.p2phost.agent.awake.Awake;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * systemd-logind, asked by its own program and heard over the system bus
 * (<a href="https://systemd.io/INHIBITOR_LOCKS/">inhibitor locks</a>). Each program reads from the agent until that ends,
 * so nothing is held for an agent that was killed.
 */
public final class Logind implements Awake.Desktop {
    private static final Logger log = LoggerFactory.getLogger(Logind.class);
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final int LIST_SECONDS = 2;
    private static final String BEFORE = "PrepareForSleep (true";
    private static final String AFTER = "PrepareForSleep (false";

    /** Ends when the program does, and ends it when the agent reads no more: then standard input ends. */
    private static final String LISTEN = """
            exec 3<&0
            "$0" monitor --system --dest org.freedesktop.login1 --object-path /org/freedesktop/login1 3<&- &
            program=$!
            { cat <&3; kill $program; } >/dev/null 2>&1 &
            wait $program
            """;

    private final String inhibit;
    private final String monitor;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Process listening;

    public Logind() {
        this("systemd-inhibit", "gdbus");
    }

    Logind(String inhibit, String monitor) {
        this.inhibit = inhibit;
        this.monitor = monitor;
    }

    /** Whether it can be asked on this machine. */
    public static boolean isThere() {
        try {
            Process process = new ProcessBuilder("systemd-inhibit", "--list", "--no-pager")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(LIST_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Optional<Awake.Hold> stayAwake() {
        return hold("idle", "block", "players are on maps of this machine");
    }

    @Override
    public Optional<Awake.Hold> waitBeforeSleep() {
        return hold("sleep", "delay", "players move to another machine first");
    }

    private Optional<Awake.Hold> hold(String what, String mode, String why) {
        try {
            Process process = new ProcessBuilder(
                            inhibit, "--what=" + what, "--mode=" + mode, "--who=p2p-host", "--why=" + why, "cat")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return Optional.of(new Held(process));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private record Held(Process process) implements Awake.Hold {
        @Override
        public boolean isHeld() {
            return process.isAlive();
        }

        /** {@code cat} ends with its input, and the lock with it. */
        @Override
        public void close() {
            hangUp(process);
        }
    }

    private static void hangUp(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
    }

    @Override
    public void listen(Consumer<Boolean> sleeps) {
        Thread.ofVirtual().name("sleep-signal").start(() -> {
            try {
                do {
                    listenOnce(sleeps);
                } while (!closed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Until the program ends; without it nothing is heard. */
    private void listenOnce(Consumer<Boolean> sleeps) {
        List<String> command = List.of("/bin/sh", "-c", LISTEN, monitor);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            listening = process;
            if (closed.getCount() == 0) {
                hangUp(process);
            }
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.contains(BEFORE)) {
                        sleeps.accept(true);
                    } else if (line.contains(AFTER)) {
                        sleeps.accept(false);
                    }
                }
            } finally {
                hangUp(process);
            }
        } catch (IOException e) {
            log.debug("the desktop cannot be heard", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Process process = listening;
        if (process != null) {
            hangUp(process);
        }
    }
}
