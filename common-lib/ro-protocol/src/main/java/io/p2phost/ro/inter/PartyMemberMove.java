package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A party member is on another map, or has come or gone. */
public record PartyMemberMove(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.MOVE_PARTY_MEMBER);
    private static final Field PARTY_ID = LAYOUT.field("party_id");
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field ONLINE = LAYOUT.field("online");
    private static final Field LEVEL = LAYOUT.field("level");
    private static final Field MAP = LAYOUT.field("map");

    public PartyMemberMove {
        LAYOUT.check(packet);
    }

    public static PartyMemberMove of(int partyId, int accountId, int charId, boolean online, int level, String map) {
        Packet packet = LAYOUT.create();
        PARTY_ID.set(packet, partyId);
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        ONLINE.set(packet, online ? 1 : 0);
        LEVEL.set(packet, level);
        MAP.set(packet, map);
        return new PartyMemberMove(packet);
    }

    public int partyId() {
        return PARTY_ID.integer(packet);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public int level() {
        return LEVEL.integer(packet);
    }

    public boolean online() {
        return ONLINE.flag(packet);
    }

    public String map() {
        return MAP.text(packet);
    }

    /** What the char-server tells all map-servers of it. */
    public Packet delivery() {
        return packet.copyAs(CharToMap.PARTY_MEMBER_MOVED);
    }
}
