package io.p2phost.ro.inter;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** Somebody joined or left a party or a guild; told to map-servers. */
public record MembershipChange(Packet packet) {
    public MembershipChange {
        switch (packet.id()) {
            case CharToMap.PARTY_MEMBER_ADDED,
                    CharToMap.PARTY_MEMBER_LEFT,
                    CharToMap.GUILD_MEMBER_ADDED,
                    CharToMap.GUILD_MEMBER_LEFT ->
                InterPackets.packet(packet.id()).check(packet);
            default -> throw new IllegalArgumentException(packet + " (expected: a change of members)");
        }
    }

    /** True for a party, false for a guild. */
    public boolean ofParty() {
        return packet.id() == CharToMap.PARTY_MEMBER_ADDED || packet.id() == CharToMap.PARTY_MEMBER_LEFT;
    }

    /** True when somebody is a member now; false when he left, or could not be added. */
    public boolean joined() {
        return switch (packet.id()) {
            case CharToMap.PARTY_MEMBER_ADDED, CharToMap.GUILD_MEMBER_ADDED ->
                !layout().field("failed").flag(packet);
            default -> false;
        };
    }

    /** True when somebody is a member no more. */
    public boolean left() {
        return packet.id() == CharToMap.PARTY_MEMBER_LEFT || packet.id() == CharToMap.GUILD_MEMBER_LEFT;
    }

    public int groupId() {
        return layout().field(ofParty() ? "party_id" : "guild_id").integer(packet);
    }

    public int accountId() {
        return layout().field("member_account_id").integer(packet);
    }

    public int charId() {
        return layout().field("member_char_id").integer(packet);
    }

    private PacketLayout layout() {
        return InterPackets.packet(packet.id());
    }
}
