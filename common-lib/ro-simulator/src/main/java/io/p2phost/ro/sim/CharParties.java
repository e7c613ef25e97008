package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.List;
import java.util.function.Consumer;

/** Parties at the char-server. What somebody says goes to every map-server but the one it came from. */
final class CharParties {
    private final SimDatabase database;
    private final Consumer<Packet> toAllServers;
    private final ToOthers toOthers;

    /** To every map-server but that of this slot. */
    interface ToOthers {
        void send(int exceptSlot, Packet packet);
    }

    CharParties(SimDatabase database, Consumer<Packet> toAllServers, ToOthers toOthers) {
        this.database = database;
        this.toAllServers = toAllServers;
        this.toOthers = toOthers;
    }

    /** False: not about parties. */
    boolean handle(int slot, Packet packet, Consumer<Packet> back) {
        switch (packet.id()) {
            case InterPackets.PARTY_CREATE -> create(packet, back);
            case InterPackets.PARTY_REQUEST -> info(packet.i32(2), packet.i32(6), back);
            case InterPackets.PARTY_JOIN -> join(packet.i32(4), Party.Member.read(packet, 8), back);
            case InterPackets.PARTY_LEAVE -> leave(packet.i32(2), packet.i32(6), packet.i32(10), packet.u8(38));
            case InterPackets.PARTY_MOVED -> moved(packet);
            case InterPackets.PARTY_CHAT ->
                toOthers.send(
                        slot,
                        InterPackets.partyChat(
                                InterPackets.PARTY_SAID,
                                packet.i32(4),
                                packet.i32(8),
                                packet.text(12, packet.length() - 12)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void create(Packet packet, Consumer<Packet> back) {
        String name = packet.text(4, Names.LENGTH);
        Party.Member leader = Party.Member.read(packet, 30);
        if (database.partyNamed(name) != null) {
            back.accept(InterPackets.partyCreated(leader.accountId(), leader.charId(), 0, ""));
            return;
        }
        leader.online(true);
        Party party = database.createParty(name, packet.u8(28) | packet.u8(29) << 1, leader);
        database.setParty(leader.charId(), party.id());
        back.accept(InterPackets.party(0, party));
        back.accept(InterPackets.partyCreated(leader.accountId(), leader.charId(), party.id(), name));
    }

    private void info(int partyId, int charId, Consumer<Packet> back) {
        Party party = database.party(partyId);
        back.accept(party == null ? InterPackets.noParty(charId, partyId) : InterPackets.party(charId, party));
    }

    private void join(int partyId, Party.Member member, Consumer<Packet> back) {
        Party party = database.party(partyId);
        if (party == null || !party.join(member)) {
            back.accept(InterPackets.partyJoined(partyId, member.accountId(), member.charId(), false));
            return;
        }
        database.setParty(member.charId(), partyId);
        toAllServers.accept(InterPackets.party(0, party));
        back.accept(InterPackets.partyJoined(partyId, member.accountId(), member.charId(), true));
    }

    private void leave(int partyId, int accountId, int charId, int type) {
        Party party = database.party(partyId);
        Party.Member member = party == null ? null : party.member(accountId, charId);
        if (party == null || member == null) {
            return;
        }
        List<Party.Member> leaving = member.leader() ? List.copyOf(party.members()) : List.of(member);
        party.leave(member);
        for (Party.Member gone : leaving) {
            database.setParty(gone.charId(), 0);
            toAllServers.accept(InterPackets.partyLeft(partyId, gone, type));
        }
        if (party.members().isEmpty()) {
            database.partyGone(partyId);
        } else {
            toAllServers.accept(InterPackets.party(0, party));
        }
    }

    private void moved(Packet packet) {
        Party party = database.party(packet.i32(2));
        Party.Member member = party == null ? null : party.member(packet.i32(6), packet.i32(10));
        if (party == null || member == null) {
            return;
        }
        boolean online = packet.u8(14) != 0;
        String map = packet.text(17, Names.MAP_LENGTH);
        if (member.online() != online) {
            member.online(online);
            toAllServers.accept(InterPackets.partyMember(party.id(), member));
        }
        if (!member.map().equals(map)) {
            member.at(map, packet.u16(15));
            toAllServers.accept(InterPackets.partyMember(party.id(), member));
        }
        member.at(map, packet.u16(15));
    }
}
