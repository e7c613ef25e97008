package io.p2phost.bench;

import java.nio.file.Path;

/** One measurement. */
interface Bench {
    /** Name after {@code ./p2p bench}. */
    String name();

    /** One line for {@code bench list}. */
    String what();

    /**
     * Measures, telling on standard output what it does.
     *
     * @param dist the suite's dist folder
     */
    Outcome run(Path dist, int rounds) throws Exception;
}
