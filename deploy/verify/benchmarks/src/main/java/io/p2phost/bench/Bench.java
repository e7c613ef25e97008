package io.p2phost.bench;

import java.nio.file.Path;
import java.util.Map;

/** One measurement. */
interface Bench {
    /** Name after {@code ./p2p bench}. */
    String name();

    /** One line for {@code bench list}. */
    String what();

    /** How many rounds there are unless it is said. */
    default int usualRounds() {
        return 5;
    }

    /**
     * The same measurement in another size.
     *
     * @param sizes by name, such as {@code hosts}; those not given stay
     */
    default Bench sized(Map<String, Integer> sizes) {
        if (!sizes.isEmpty()) {
            throw new IllegalArgumentException(
                    name() + " has one size (expected: no --" + String.join(", --", sizes.keySet()) + ")");
        }
        return this;
    }

    /**
     * Measures, telling on standard output what it does.
     *
     * @param dist the suite's dist folder
     */
    Outcome run(Path dist, int rounds) throws Exception;
}
