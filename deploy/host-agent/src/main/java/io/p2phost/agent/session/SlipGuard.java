package io.p2phost.agent.session;

import io.p2phost.agent.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * Notices that this process stood still (a laptop slept, the process was stopped, the machine swapped). The longer of
 * both clocks counts: the monotonic one does not run while a laptop sleeps. Not thread-safe.
 */
final class SlipGuard {
    private final Time time;
    private long lastNanos;
    private Instant lastInstant;

    SlipGuard(Time time) {
        this.time = time;
        this.lastNanos = time.nanos();
        this.lastInstant = time.instant();
    }

    /** How long nobody called this; a loop that is on time calls it at least every second. */
    Duration sinceLastCall() {
        long nanos = time.nanos();
        Instant instant = time.instant();
        Duration monotonic = Duration.ofNanos(nanos - lastNanos);
        Duration wall = Duration.between(lastInstant, instant);
        lastNanos = nanos;
        lastInstant = instant;
        return monotonic.compareTo(wall) >= 0 ? monotonic : wall;
    }
}
