package io.p2phost.assignment.failover;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether this instance ran when it should have. After a slip, what was said meanwhile is still in the sockets: a
 * deadline counts as missed only when a second look in a row came on time.
 */
final class OwnSlip {
    private final LongSupplier nanos;
    private final long latestNanos;
    private boolean begun;
    private long endedAt;
    private int onTime;

    /**
     * Watches looks.
     *
     * @param pause between the end of a look and the next
     * @param tolerance by how much a look may be late
     */
    OwnSlip(LongSupplier nanos, Duration pause, Duration tolerance) {
        this.nanos = nanos;
        this.latestNanos = pause.plus(tolerance).toNanos();
    }

    /** A look begins. Whether it and the one before came on time. */
    synchronized boolean trusted() {
        boolean late = begun && nanos.getAsLong() - endedAt > latestNanos;
        onTime = begun && !late ? onTime + 1 : 0;
        return onTime > 1;
    }

    /** The look ended. */
    synchronized void ended() {
        begun = true;
        endedAt = nanos.getAsLong();
    }
}
