package io.p2phost.links;

import java.time.Duration;

/**
 * How far the other end of a link is, as this end has measured it lately: smoothed as TCP does (RFC 6298). The other end
 * can seem further than it is, never nearer.
 *
 * @param time there and back
 * @param jitter by how much it differs, on average
 */
public record RoundTrip(Duration time, Duration jitter) {
    private static final int TIME_SMOOTHING = 8;
    private static final int JITTER_SMOOTHING = 4;

    /** The first measurement. */
    public static RoundTrip first(long nanos) {
        return new RoundTrip(Duration.ofNanos(nanos), Duration.ofNanos(nanos / 2));
    }

    /** With one more. */
    public RoundTrip and(long nanos) {
        long before = time.toNanos();
        long off = Math.abs(before - nanos);
        return new RoundTrip(
                Duration.ofNanos(before + (nanos - before) / TIME_SMOOTHING),
                Duration.ofNanos(jitter.toNanos() + (off - jitter.toNanos()) / JITTER_SMOOTHING));
    }
}
