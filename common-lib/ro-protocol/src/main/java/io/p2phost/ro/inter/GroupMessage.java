package io.p2phost.ro.inter;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/**
 * A line of party, guild or clan chat, on its way to the char-server or from it. The char-server does not send it back on
 * the link it came from.
 */
public record GroupMessage(Packet packet) {
    /** Which chat. */
    public enum Kind {
        PARTY("party_id", MapToChar.PARTY_MESSAGE, CharToMap.PARTY_MESSAGE),
        GUILD("guild_id", MapToChar.GUILD_MESSAGE, CharToMap.GUILD_MESSAGE),
        CLAN("clan_id", MapToChar.CLAN_MESSAGE, CharToMap.CLAN_MESSAGE);

        private final String group;
        private final int request;
        private final int delivery;

        Kind(String group, int request, int delivery) {
            this.group = group;
            this.request = request;
            this.delivery = delivery;
        }
    }

    public GroupMessage {
        kind(packet.id());
        InterPackets.packet(packet.id()).check(packet);
    }

    /** A line a map-server sends. */
    public static GroupMessage of(Kind kind, int groupId, int accountId, String text) {
        PacketLayout layout = InterPackets.packet(kind.request);
        Packet packet = layout.create(layout.least() + text.length() + 1);
        layout.field(kind.group).set(packet, groupId);
        layout.field("account_id").set(packet, accountId);
        layout.field("text").set(packet, text);
        return new GroupMessage(packet);
    }

    public Kind kind() {
        return kind(packet.id());
    }

    public int groupId() {
        return layout().field(kind().group).integer(packet);
    }

    /** The account of who says it. */
    public int senderId() {
        return layout().field(isDelivery() ? "member_account_id" : "account_id").integer(packet);
    }

    public String text() {
        return layout().field("text").text(packet);
    }

    /** True when it comes from the char-server. */
    public boolean isDelivery() {
        return packet.id() == kind().delivery;
    }

    /** What the char-server makes of it for other map-servers. */
    public GroupMessage delivery() {
        return new GroupMessage(packet.copyAs(kind().delivery));
    }

    private PacketLayout layout() {
        return InterPackets.packet(packet.id());
    }

    private static Kind kind(int id) {
        for (Kind kind : Kind.values()) {
            if (id == kind.request || id == kind.delivery) {
                return kind;
            }
        }
        throw new IllegalArgumentException(String.format("%04x (expected: a chat packet)", id));
    }
}
