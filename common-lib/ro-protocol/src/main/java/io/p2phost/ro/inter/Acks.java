package io.p2phost.ro.inter;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The char-server's answers to saves that say no more than whose and whether. */
public final class Acks {
    private Acks() {}

    public static Packet quests(int charId, boolean ok) {
        return of(CharToMap.QUESTS_SAVED, "char_id", charId, ok);
    }

    public static Packet achievements(int charId, boolean ok) {
        return of(CharToMap.ACHIEVEMENTS_SAVED, "char_id", charId, ok);
    }

    public static Packet pet(int accountId, boolean ok) {
        return of(CharToMap.PET_SAVED, "account_id", accountId, ok);
    }

    public static Packet homunculus(int accountId, boolean ok) {
        return of(CharToMap.HOMUNCULUS_SAVED, "account_id", accountId, ok);
    }

    private static Packet of(int id, String whose, int value, boolean ok) {
        PacketLayout layout = InterPackets.packet(id);
        Packet packet = layout.field(whose).set(layout.create(), value);
        return layout.field("ok").set(packet, ok ? 1 : 0);
    }
}
