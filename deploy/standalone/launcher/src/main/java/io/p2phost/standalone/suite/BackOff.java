package io.p2phost.standalone.suite;

import java.time.Duration;
import java.util.Optional;

/** Pauses between restarts of one part: 1, 2, 4 … 30 s, and an end after eight failures in a row. Not thread-safe. */
final class BackOff {
    static final int MAX_ATTEMPTS = 8;
    /** A part that was ready this long has proved itself: its next failure counts as the first. */
    static final Duration PROVED = Duration.ofSeconds(10);

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private int attempts;

    /** The pause before the next start, or empty when there shall be none. */
    Optional<Duration> next(Duration readyFor) {
        if (readyFor.compareTo(PROVED) >= 0) {
            attempts = 0;
        }
        if (attempts == MAX_ATTEMPTS) {
            return Optional.empty();
        }
        Duration pause = FIRST.multipliedBy(1L << attempts);
        attempts++;
        return Optional.of(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
    }
}
