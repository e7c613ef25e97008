package io.p2phost.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing waits between attempts that never stop: doubling up to a cap, each shortened at random by up to half so that
 * many agents do not return in step after an outage. Not thread-safe.
 */
public final class Backoff {
    private final Duration first;
    private final Duration cap;
    private final RandomGenerator random;
    private Duration next;

    public Backoff(Duration first, Duration cap, RandomGenerator random) {
        if (first.isNegative() || first.isZero() || cap.compareTo(first) < 0) {
            throw new IllegalArgumentException("backoff: " + first + " to " + cap + " (expected: 0 < first <= cap)");
        }
        this.first = first;
        this.cap = cap;
        this.random = random;
        this.next = first;
    }

    /** The next wait: between half and all of the current step. */
    public Duration next() {
        Duration step = next;
        Duration doubled = step.multipliedBy(2);
        next = doubled.compareTo(cap) > 0 ? cap : doubled;
        return Duration.ofNanos((long) (step.toNanos() * (0.5 + 0.5 * random.nextDouble())));
    }

    /** Back to the first step, after a success. */
    public void reset() {
        next = first;
    }
}
