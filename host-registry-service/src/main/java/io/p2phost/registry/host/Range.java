package io.p2phost.registry.host;

/** Checks of numbers that a machine says of itself. */
final class Range {
    private Range() {}

    static void require(String name, double value, double least, double most) {
        // Written so that NaN fails too.
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
