package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;

/** The receiving side of one connection: opened once, then packets in order, then closed once. */
public interface Link {
    void opened(Wire wire);

    void packet(Packet packet);

    /** The peer ended it, or the network did. Without {@link #opened} before: nobody accepted. */
    void closed();

    /** What came was no packet, or only a part of one; {@link #closed} follows. */
    default void broken(String why) {}
}
