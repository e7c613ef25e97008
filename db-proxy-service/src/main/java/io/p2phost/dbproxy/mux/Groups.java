package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.MembershipChange;
import io.p2phost.ro.inter.PartyInfo;

/** Which party and guild each player belongs to: the char-server's word, kept while he plays. */
final class Groups {
    private final World world;
    private final Chat chat;

    Groups(World world, Chat chat) {
        this.world = world;
        this.chat = chat;
    }

    void fromUpstream(Packet packet) {
        switch (packet.id()) {
            case CharToMap.PARTY_CREATED -> {
                if (number(packet, "failed") == 0) {
                    party(number(packet, "account_id"), number(packet, "party_id"));
                }
                toPlayer(number(packet, "account_id"), packet);
            }
            case CharToMap.GUILD_CREATED -> {
                if (number(packet, "guild_id") > 0) {
                    guild(number(packet, "account_id"), number(packet, "guild_id"));
                }
                toPlayer(number(packet, "account_id"), packet);
            }
            case CharToMap.PARTY_MEMBER_ADDED,
                    CharToMap.PARTY_MEMBER_LEFT,
                    CharToMap.GUILD_MEMBER_ADDED,
                    CharToMap.GUILD_MEMBER_LEFT -> changed(new MembershipChange(packet));
            case CharToMap.PARTY_BROKEN -> {
                int party = number(packet, "party_id");
                chat.toServersWith(session -> session.party == party, packet);
                world.sessions.where(session -> session.party == party).forEach(session -> session.party = 0);
            }
            case CharToMap.GUILD_BROKEN -> {
                int guild = number(packet, "guild_id");
                chat.toServersWith(session -> session.guild == guild, packet);
                world.sessions.where(session -> session.guild == guild).forEach(session -> session.guild = 0);
            }
            case CharToMap.PARTY -> {
                PartyInfo info = new PartyInfo(packet);
                int asked = info.charId();
                int party = info.partyId();
                chat.toServersWith(session -> asked != 0 ? session.character == asked : session.party == party, packet);
            }
            default -> throw new IllegalArgumentException("packet " + packet + " (expected: one about groups)");
        }
    }

    private void changed(MembershipChange change) {
        int group = change.groupId();
        if (change.joined()) {
            set(change, group);
        }
        chat.toServersWith(
                session -> session.account == change.accountId()
                        || (change.ofParty() ? session.party : session.guild) == group,
                change.packet());
        if (change.left()) {
            set(change, 0);
        }
    }

    private void set(MembershipChange change, int group) {
        if (change.ofParty()) {
            party(change.accountId(), group);
        } else {
            guild(change.accountId(), group);
        }
    }

    private static int number(Packet packet, String field) {
        return InterPackets.CHAR_TO_MAP.packet(packet.id()).field(field).integer(packet);
    }

    private void party(int account, int party) {
        world.sessions.account(account).ifPresent(session -> session.party = party);
    }

    private void guild(int account, int guild) {
        world.sessions.account(account).ifPresent(session -> session.guild = guild);
    }

    private void toPlayer(int account, Packet packet) {
        chat.toServersWith(session -> session.account == account, packet);
    }
}
