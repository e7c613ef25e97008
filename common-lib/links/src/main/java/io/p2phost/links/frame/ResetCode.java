package io.p2phost.links.frame;

/** Why a stream was reset. The codes are on the wire. */
public enum ResetCode implements Coded {
    /** The connection behind the stream was reset or broke. */
    CONNECTION_RESET(0),
    /** The address behind the stream could not be reached. */
    UNREACHABLE(1),
    /** This side does not serve that map at that epoch. */
    NOT_SERVED(2),
    /** Too many streams. */
    LIMIT(3),
    /** The receiver takes its data too slowly. */
    SLOW(4),
    /** The map has a newer owner. */
    FENCED(5),
    /** The sender stops. */
    SHUTDOWN(6);

    private final int code;

    ResetCode(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
