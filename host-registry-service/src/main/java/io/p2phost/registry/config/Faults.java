package io.p2phost.registry.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All faults of one group of settings, reported together so that one start shows every one of them. */
final class Faults {
    private final String prefix;
    private final List<String> found = new ArrayList<>();

    Faults(String prefix) {
        this.prefix = prefix;
    }

    Faults require(boolean good, String key, Object value, String expected) {
        if (!good) {
            found.add(prefix + "." + key + ": " + value + " (expected: " + expected + ")");
        }
        return this;
    }

    Faults between(String key, Duration value, Duration least, Duration most) {
        return require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, key, value, least + " to " + most);
    }

    Faults between(String key, int value, int least, int most) {
        return require(value >= least && value <= most, key, value, least + " to " + most);
    }

    void raise() {
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", found));
        }
    }
}
