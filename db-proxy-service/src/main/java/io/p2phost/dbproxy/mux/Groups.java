package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.MembershipChange;
import io.p2phost.ro.inter.PartyInfo;
import io.p2phost.ro.layout.Party;
import java.util.Set;
import java.util.stream.Collectors;

/** Which party and guild each player belongs to: the char-server's word, kept while he plays. */
final class Groups {
    /** Of the char-server's answer about a party that there is not. */
    private static final int NO_PARTY_LENGTH = 12;

    private final World world;
    private final Chat chat;

    Groups(World world, Chat chat) {
        this.world = world;
        this.chat = chat;
    }

    /** What a map-server asks about a party: a char-server does not look whose it is. */
    void fromServer(MapServer server, PlayerSession session, Packet packet, Upstream upstream) {
        boolean creates = packet.id() == MapToChar.CREATE_PARTY;
        int party = creates ? 0 : fromServer(packet, "party_id").integer(packet);
        boolean joins = packet.id() == MapToChar.ADD_PARTY_MEMBER;
        boolean mayAsk = creates || party == session.party || !server.isOnHost() || (joins && canInvite(server, party));
        if ((creates || joins) && !hasMember(packet)) {
            world.violated(
                    server, packet.id(), session.account, Violation.Kind.MISSHAPEN, "no whole party member in it");
        } else if (mayAsk) {
            upstream.request(session, packet);
        } else if (packet.id() == MapToChar.LOAD_PARTY) {
            // His record may be older than his leaving; told "no such party", a map-server forgets it.
            server.send(Packet.variable(CharToMap.PARTY, NO_PARTY_LENGTH)
                    .u32(4, session.character)
                    .u32(8, party));
        } else {
            world.violated(
                    server,
                    packet.id(),
                    session.account,
                    Violation.Kind.NOT_HIS_GROUP,
                    "a party that he does not belong to");
            if (joins) {
                notJoined(server, packet);
            }
        }
    }

    /** Without an answer a stock map-server lets the player join nothing until he logs in again. */
    void notJoined(MapServer server, Packet request) {
        PacketLayout answer = InterPackets.CHAR_TO_MAP.packet(
                request.id() == MapToChar.ADD_PARTY_MEMBER
                        ? CharToMap.PARTY_MEMBER_ADDED
                        : CharToMap.GUILD_MEMBER_ADDED);
        Packet no = answer.create();
        String group = request.id() == MapToChar.ADD_PARTY_MEMBER ? "party_id" : "guild_id";
        answer.field(group).set(no, fromServer(request, group).integer(request));
        answer.field("member_account_id")
                .set(no, fromServer(request, "account_id").integer(request));
        answer.field("member_char_id").set(no, fromServer(request, "char_id").integer(request));
        server.send(answer.field("failed").set(no, 1));
    }

    /** A member's record, which begins with his ids, fills the packet. */
    private boolean hasMember(Packet packet) {
        int member = fromServer(packet, "account_id").offset();
        return packet.length()
                == member + world.settings.layout().struct("party_member").size();
    }

    private static Field fromServer(Packet packet, String field) {
        return InterPackets.MAP_TO_CHAR.packet(packet.id()).field(field);
    }

    /** Invitations are made and answered on one map-server. */
    private boolean canInvite(MapServer server, int party) {
        return world.sessions.all().stream()
                .anyMatch(session -> session.party == party && session.isWrittenBy(server.key()));
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
                // A new party's list comes before the word that it was made.
                Set<Integer> members = info.party(world.settings.layout()).stream()
                        .flatMap(known -> known.members().stream())
                        .map(Party.Member::charId)
                        .collect(Collectors.toSet());
                chat.toServersWith(
                        session -> asked != 0
                                ? session.character == asked
                                : session.party == party || members.contains(session.character),
                        packet);
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
