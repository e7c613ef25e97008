package io.p2phost.ro.inter;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** What a map-server asks for when a player enters and what has only ids in it. */
public final class Loads {
    private Loads() {}

    public static Packet statusChanges(int accountId, int charId) {
        return of(MapToChar.LOAD_STATUS_CHANGES, accountId, charId);
    }

    public static Packet cooldowns(int accountId, int charId) {
        return of(MapToChar.LOAD_COOLDOWNS, accountId, charId);
    }

    public static Packet bonusScripts(int charId) {
        return of(MapToChar.LOAD_BONUS_SCRIPTS, charId);
    }

    public static Packet quests(int charId) {
        return of(MapToChar.LOAD_QUESTS, charId);
    }

    public static Packet achievements(int charId) {
        return of(MapToChar.LOAD_ACHIEVEMENTS, charId);
    }

    private static Packet of(int id, int accountId, int charId) {
        PacketLayout layout = InterPackets.packet(id);
        return layout.field("account_id").set(of(id, charId), accountId);
    }

    private static Packet of(int id, int charId) {
        PacketLayout layout = InterPackets.packet(id);
        return layout.field("char_id").set(layout.create(), charId);
    }
}
