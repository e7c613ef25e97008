package io.p2phost.agent.bundle;

import io.p2phost.agent.Time;
import java.util.concurrent.TimeUnit;

/** Holds a download to a rate, so that the owner's game keeps his line: who was too early waits. */
final class Pace {
    private final long bytesPerSecond;
    private final Time time;
    private final Wait wait;
    private long dueNanos;

    /** Waiting, replaced in tests. */
    interface Wait {
        void nanos(long nanos) throws InterruptedException;
    }

    Pace(long bytesPerSecond, Time time, Wait wait) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("rate: " + bytesPerSecond + " (expected: >= 1 byte per second)");
        }
        this.bytesPerSecond = bytesPerSecond;
        this.time = time;
        this.wait = wait;
        this.dueNanos = time.nanos();
    }

    /** Returns when this many more bytes may be fetched. */
    void before(int bytes) throws InterruptedException {
        long early;
        synchronized (this) {
            long now = time.nanos();
            // Time in which nothing was fetched is not saved up.
            dueNanos = Math.max(dueNanos, now);
            early = dueNanos - now;
            dueNanos += TimeUnit.SECONDS.toNanos(1) / 1000 * bytes / Math.max(1, bytesPerSecond / 1000);
        }
        if (early > 0) {
            wait.nanos(early);
        }
    }
}
