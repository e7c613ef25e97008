package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The last save of a player is taken; the map-server forgets him. */
public record SaveAck(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.SAVE_ACK);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");

    public SaveAck {
        LAYOUT.check(packet);
    }

    public static SaveAck of(int accountId, int charId) {
        return new SaveAck(CHAR_ID.set(ACCOUNT_ID.set(LAYOUT.create(), accountId), charId));
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }
}
