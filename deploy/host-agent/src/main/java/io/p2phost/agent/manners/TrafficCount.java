package io.p2phost.agent.manners;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.Time;
import io.p2phost.agent.home.AtomicFile;
import io.p2phost.agent.machine.Vitals.LinkBytes;
import io.p2phost.contracts.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The bytes of this calendar month, over restarts. Written down once a minute and at the end: a power cut loses a minute.
 * What the machine moves while no agent runs is not seen.
 */
public final class TrafficCount {
    private static final Logger log = LoggerFactory.getLogger(TrafficCount.class);
    private static final Duration WRITE_EVERY = Duration.ofMinutes(1);

    private final Path file;
    private final Time time;
    private final ZoneId zone;
    private YearMonth month;
    private long bytes;
    private @Nullable LinkBytes last;
    private long writtenBytes;
    private long writtenAtNanos;

    record Stored(YearMonth month, long bytes) {}

    /** Goes on from the file. One that cannot be read stops the start: it is the owner's money that is counted. */
    public TrafficCount(Path file, Time time, ZoneId zone) {
        this.file = file;
        this.time = time;
        this.zone = zone;
        this.month = thisMonth();
        this.writtenAtNanos = time.nanos();
        if (Files.exists(file)) {
            try {
                Stored stored = Json.mapper().readValue(Files.readString(file), Stored.class);
                if (stored.month() == null || stored.bytes() < 0) {
                    throw new IOException("month or bytes is missing");
                }
                month = stored.month();
                bytes = stored.bytes();
                writtenBytes = bytes;
            } catch (IOException | JacksonException e) {
                throw unreadable(
                        String.valueOf(e.getMessage()).lines().findFirst().orElse("?"), e);
            }
        }
    }

    private AgentFailure unreadable(String why, Exception cause) {
        return new AgentFailure(
                ExitCode.HOME,
                file + ": " + why + " (expected: the month's traffic as the agent wrote it; delete the file to count"
                        + " from nothing)",
                cause);
    }

    /** Takes note of what the link has carried since it came up. */
    public synchronized void note(LinkBytes now) {
        YearMonth current = thisMonth();
        // A clock set back must not give the budget back.
        if (current.isAfter(month)) {
            month = current;
            bytes = 0;
        }
        LinkBytes before = last;
        if (before != null && before.name().equals(now.name()) && now.bytes() >= before.bytes()) {
            bytes += now.bytes() - before.bytes();
        }
        last = now;
        if (time.nanos() - writtenAtNanos >= WRITE_EVERY.toNanos()) {
            write();
        }
    }

    public synchronized long bytes() {
        return bytes;
    }

    /** Writes the count down. */
    public synchronized void write() {
        writtenAtNanos = time.nanos();
        if (bytes == writtenBytes) {
            return;
        }
        try {
            AtomicFile.write(file, Json.mapper().writeValueAsString(new Stored(month, bytes)));
            writtenBytes = bytes;
        } catch (IOException e) {
            log.warn("{}: cannot be written, the month's traffic is not kept: {}", file, e.toString());
        }
    }

    private YearMonth thisMonth() {
        return YearMonth.from(time.instant().atZone(zone));
    }
}
