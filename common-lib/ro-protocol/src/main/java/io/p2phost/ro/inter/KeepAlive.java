package io.p2phost.ro.inter;

import io.p2phost.ro.Packet;

/** What keeps a silent link alive. The answer comes behind everything the char-server had to do before it: a barrier. */
public final class KeepAlive {
    private KeepAlive() {}

    /** A map-server's. */
    public static Packet request() {
        return InterPackets.packet(MapToChar.KEEP_ALIVE).create();
    }

    /** The char-server's answer. */
    public static Packet answer() {
        return InterPackets.packet(CharToMap.KEEP_ALIVE_ANSWER).create();
    }
}
