package io.p2phost.links;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Spaces retries: exponential from {@code first} to {@code max}, each delay drawn between a half and the whole of its
 * step, so that many peers of one failed server do not return at the same instant. Not thread-safe.
 */
public final class Backoff {
    private final long firstMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private long stepMillis;

    public Backoff(Duration first, Duration max, RandomGenerator random) {
        this.firstMillis = first.toMillis();
        this.maxMillis = max.toMillis();
        if (firstMillis < 1 || maxMillis < firstMillis) {
            throw new IllegalArgumentException(
                    "backoff: " + first + " to " + max + " (expected: 1 ms <= first <= max)");
        }
        this.random = random;
        this.stepMillis = firstMillis;
    }

    /** The delay before the next attempt, in milliseconds. */
    public long nextMillis() {
        long step = stepMillis;
        stepMillis = Math.min(maxMillis, step * 2);
        return step / 2 + random.nextLong(step / 2 + 1);
    }

    /** The next failure is treated as the first again. */
    public void reset() {
        stepMillis = firstMillis;
    }
}
