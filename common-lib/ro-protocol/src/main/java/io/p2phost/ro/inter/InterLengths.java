package io.p2phost.ro.inter;

import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.PacketLengths;

/** Lengths of the packets between map-servers and the char-server, and framers for their streams. */
public final class InterLengths {
    public static final PacketLengths MAP_TO_CHAR = InterPackets.MAP_TO_CHAR.lengths();

    public static final PacketLengths CHAR_TO_MAP = InterPackets.CHAR_TO_MAP.lengths();

    /** Longest packet of either direction: lengths have 16 bits and stored items use most of them. */
    public static final int LONGEST = 0xffff;

    private InterLengths() {}

    /** Cuts what a map-server sends. */
    public static PacketFramer fromMapServer() {
        return new PacketFramer(MAP_TO_CHAR, LONGEST);
    }

    /** Cuts what the char-server sends. */
    public static PacketFramer fromCharServer() {
        return new PacketFramer(CHAR_TO_MAP, LONGEST);
    }
}
