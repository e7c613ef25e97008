package io.p2phost.relay.player;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A token bucket. It may be overdrawn: what has arrived is taken, and what follows waits until it is paid for. */
final class Allowance {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double perNano;
    private final double burst;
    private double tokens;
    private long at;

    /** A full bucket of {@code burst}, which fills at that rate. */
    Allowance(double perSecond, double burst, long now) {
        this.perNano = perSecond / SECOND;
        this.burst = burst;
        this.tokens = burst;
        this.at = now;
    }

    /** Takes that much; how long to wait before the next, zero for not at all. */
    Duration take(double amount, long now) {
        refill(now);
        tokens -= amount;
        return tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) (-tokens / perNano) + 1);
    }

    /** Takes that much if it is there. */
    boolean takeIfThere(int amount, long now) {
        refill(now);
        boolean there = tokens >= amount;
        tokens -= there ? amount : 0;
        return there;
    }

    private void refill(long now) {
        tokens = Math.min(burst, tokens + (now - at) * perNano);
        at = now;
    }
}
