package io.p2phost.links.frame;

/** Why db-proxy refuses a char link. The codes are on the wire. */
public enum RefusalReason implements Coded {
    /** The map has a higher epoch: this host lost it. */
    STALE_EPOCH(0),
    /** The epoch is current, but the owner is somebody else. */
    NOT_OWNER(1),
    /** The host's state forbids a link. */
    NOT_ADMITTED(2),
    /** db-proxy cannot decide or has no room now; try again. */
    UNAVAILABLE(3),
    /** The two sides speak different protocol versions. */
    VERSION(4);

    private final int code;

    RefusalReason(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }

    /** Whether the same hello may succeed later. */
    public boolean retryable() {
        return this == UNAVAILABLE;
    }
}
