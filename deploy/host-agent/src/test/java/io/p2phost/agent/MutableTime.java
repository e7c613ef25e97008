package io.p2phost.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Time that moves only when a test says so. */
public final class MutableTime implements Time {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    /** Both clocks run. */
    public void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        now.updateAndGet(instant -> instant.plus(duration));
    }

    /** The machine sleeps: only the wall clock shows it afterwards. */
    public void sleepThrough(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }
}
