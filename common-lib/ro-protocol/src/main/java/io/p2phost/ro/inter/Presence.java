package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A character is in play, or no longer. */
public record Presence(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.CHAR_ONLINE);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");

    public Presence {
        check(packet);
    }

    public static Presence online(int accountId, int charId) {
        return new Presence(CHAR_ID.set(ACCOUNT_ID.set(LAYOUT.create(), accountId), charId));
    }

    public static Presence offline(int accountId, int charId) {
        return new Presence(online(accountId, charId).packet.copyAs(MapToChar.CHAR_OFFLINE));
    }

    private static void check(Packet packet) {
        boolean offline = packet.id() == MapToChar.CHAR_OFFLINE;
        (offline ? InterPackets.packet(MapToChar.CHAR_OFFLINE) : LAYOUT).check(packet);
    }

    public boolean isOnline() {
        return packet.id() == MapToChar.CHAR_ONLINE;
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }
}
