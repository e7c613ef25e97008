package io.p2phost.links.frame;

/** What a host is to a map: PRIMARY serves players, STANDBY runs unannounced. */
public enum CellRole implements Coded {
    PRIMARY(0),
    STANDBY(1);

    private final int code;

    CellRole(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
