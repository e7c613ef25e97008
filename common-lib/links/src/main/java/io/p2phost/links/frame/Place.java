package io.p2phost.links.frame;

/** What a connection is to its tunnel. The codes are on the wire. */
public enum Place implements Coded {
    /** It carries ASSIGN, READY and FENCED, and streams; the tunnel lives as long as it does. */
    LEADS(0),
    /** It carries streams. */
    BESIDE(1);

    private final int code;

    Place(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
