package io.p2phost.ro.sim;

/** Opens connections. */
public interface Dialer {
    /** Never calls the link before it returns. */
    void dial(Endpoint to, Link link);
}
