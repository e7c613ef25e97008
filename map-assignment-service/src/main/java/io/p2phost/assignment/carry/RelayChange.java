package io.p2phost.assignment.carry;

/** db-proxy, which knows who plays through which relay, has players saved and told to connect to another. */
public interface RelayChange {
    /** Of the players that one call moves; each of them connects anew, and the next call follows a second later. */
    int MOST = 50;

    /**
     * Moves at most {@link #MOST}.
     *
     * @param accountId only him; 0: whoever is there
     */
    Outcome move(String from, String to, int accountId);

    /** What came of it. */
    sealed interface Outcome {
        /**
         * They are on their way.
         *
         * @param left how many are still there, on their way already, or in the middle of something else
         */
        record Moving(int moved, int left) implements Outcome {}

        /** There is no such relay that takes players. */
        record NoRelay(String why) implements Outcome {}

        /** Not told; nothing may have happened. */
        record Unknown(String why) implements Outcome {}
    }
}
