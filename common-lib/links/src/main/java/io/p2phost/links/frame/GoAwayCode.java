package io.p2phost.links.frame;

/** Why a side ends a tunnel. The codes are on the wire. */
public enum GoAwayCode implements Coded {
    /** The sender stops; reconnecting later is welcome. */
    SHUTDOWN(0),
    /** The host's state forbids a tunnel (unknown, without a session, quarantined). */
    NOT_ADMITTED(1),
    /** The host is blacklisted. */
    BLACKLISTED(2),
    /** Another tunnel of the same host took over. */
    REPLACED(3),
    /** The relay has no room. */
    OVERLOADED(4),
    /** The two sides speak different protocol versions. */
    VERSION(5),
    /** There is no such tunnel here that the connection could belong to, or it has enough of them. */
    NO_SUCH_TUNNEL(6),
    /** Another process of the same relay goes on with the streams; it can be reached already. */
    RESTARTING(7);

    private final int code;

    GoAwayCode(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
