package io.p2phost.ro.sim;

/** Lengths of name fields. */
final class Names {
    /** Of players, parties, monsters. */
    static final int LENGTH = 24;

    /** Of maps; on the inter-server link without {@code .gat}, towards clients with it. */
    static final int MAP_LENGTH = 16;

    private Names() {}
}
