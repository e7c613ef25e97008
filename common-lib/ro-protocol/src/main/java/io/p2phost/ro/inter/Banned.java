package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** An account or a character may no longer play; sent to every map-server. */
public record Banned(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.BANNED);
    private static final Field ID = LAYOUT.field("id");
    private static final Field KIND = LAYOUT.field("kind");
    private static final Field VALUE = LAYOUT.field("value");

    private static final int CHARACTER = 2;

    public Banned {
        LAYOUT.check(packet);
    }

    /** True when {@link #id} is a character, false when it is an account. */
    public boolean ofCharacter() {
        return KIND.integer(packet) == CHARACTER;
    }

    public int id() {
        return ID.integer(packet);
    }

    /** Until when, in seconds since 1970, or the account's new state. */
    public long value() {
        return VALUE.number(packet);
    }
}
