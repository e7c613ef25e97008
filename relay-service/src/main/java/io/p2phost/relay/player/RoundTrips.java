package io.p2phost.relay.player;

/** How long map-servers take to answer a client's questions for the time: there and back from here, through a tunnel too. */
final class RoundTrips {
    private static final long NONE = Long.MIN_VALUE;

    private int asked;
    private int answered;
    private long last;
    private long worst;
    private long askedAt = NONE;

    void asked(long now) {
        asked++;
        askedAt = now;
    }

    void answered(long now) {
        if (askedAt != NONE) {
            answered++;
            last = now - askedAt;
            worst = Math.max(worst, last);
            askedAt = NONE;
        }
    }

    /** Another map-server: what the one before was asked stays unanswered. */
    void lost() {
        askedAt = NONE;
    }

    /** On this connection, in another process. */
    void goOnFrom(Commands.Trips before) {
        asked = before.asked();
        answered = before.answered();
        last = before.lastNanos();
        worst = before.worstNanos();
    }

    Commands.Trips sum() {
        return new Commands.Trips(asked, answered, last, worst);
    }
}
