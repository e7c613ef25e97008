package io.p2phost.links.mux;

/**
 * How large the receive windows of one connection's streams are. A stream whose receiver takes more than half a window in
 * a round trip may be held up by it: its window doubles, as long as the connection's share for that lasts. One that
 * takes less than an eighth, or whose connection holds too much, gets back less than it took, until its window is as at
 * first. Event loop only.
 */
final class Windows {
    /** Part of the connection's limit that windows may grow by, all together. */
    private static final int GROWTH_PART = 4;

    /** Part of the limit above which windows shrink. */
    private static final int PRESSURE_PART = 2;

    private static final int SMOOTHING = 8;

    private final int first;
    private final int most;
    private final int share;
    private final int pressure;
    private long roundTrip;
    private int grown;

    Windows(LinkSettings settings) {
        first = settings.streamWindow();
        most = settings.maxStreamWindow();
        share = settings.receiveLimit() / GROWTH_PART;
        pressure = settings.receiveLimit() / PRESSURE_PART;
    }

    /** One round trip was measured: the shortest counts, and is forgotten slowly. */
    void measured(long nanos) {
        roundTrip =
                roundTrip == 0 || nanos < roundTrip ? Math.max(1, nanos) : roundTrip + (nanos - roundTrip) / SMOOTHING;
    }

    /** Another connection: nothing is known of it. */
    void forget() {
        roundTrip = 0;
    }

    /**
     * By how much the window changes, now that so much was taken; at most that much is kept back.
     *
     * @param held what all streams of the connection hold
     */
    int change(LinkStream stream, int taken, int held, long now) {
        int change = wanted(stream, taken, held, now);
        stream.window += change;
        grown += change;
        return change;
    }

    private int wanted(LinkStream stream, int taken, int held, long now) {
        stream.drained += taken;
        int above = stream.window - first;
        if (held > pressure) {
            return -Math.min(taken, above);
        }
        long elapsed = now - stream.roundFrom;
        if (roundTrip == 0 || elapsed < roundTrip) {
            return 0;
        }
        double perRoundTrip = (double) stream.drained * roundTrip / elapsed;
        stream.drained = 0;
        stream.roundFrom = now;
        if (perRoundTrip >= stream.window / 2.0) {
            return Math.max(0, Math.min(Math.min(stream.window, most - stream.window), share - grown));
        }
        return perRoundTrip < stream.window / 8.0 ? -Math.min(taken, above) : 0;
    }

    /** The window is as at first again. */
    void reset(LinkStream stream) {
        grown -= stream.window - first;
        stream.window = first;
        stream.drained = 0;
    }
}
