package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whispers and parties of a map-server: what is said here, and what comes from others through the char-server. */
final class MapTalk {
    private final SimMapServer server;
    private final CharSide charSide;
    private final Map<Integer, Party> parties = new HashMap<>();

    MapTalk(SimMapServer server, CharSide charSide) {
        this.server = server;
        this.charSide = charSide;
    }

    /** False: not about talking. */
    boolean handle(Packet packet) {
        switch (packet.id()) {
            case InterPackets.WHISPERED -> whispered(packet);
            case InterPackets.WHISPER_END -> {
                Player player = server.named(packet.text(2, Names.LENGTH));
                if (player != null) {
                    player.send(ClientPackets.whisperAck(packet.u8(26)));
                }
            }
            case InterPackets.PARTY -> party(packet);
            case InterPackets.PARTY_CREATED -> partyCreated(packet);
            case InterPackets.PARTY_JOINED -> partyJoined(packet);
            case InterPackets.PARTY_LEFT -> partyLeft(packet);
            case InterPackets.PARTY_MEMBER -> partyMember(packet);
            case InterPackets.PARTY_SAID ->
                partySaid(packet.i32(4), packet.i32(8), packet.text(12, packet.length() - 12));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Whoever comes with a party nobody here is in asks for it. */
    void entered(Player player) {
        int partyId = player.status.partyId();
        if (partyId > 0 && !parties.containsKey(partyId)) {
            charSide.to(InterPackets.partyRequest(partyId, player.charId));
        }
    }

    void whisper(Player from, String target, String text) {
        if (charSide.otherServers() < 1) {
            from.send(ClientPackets.whisperAck(1));
        } else {
            charSide.to(InterPackets.whisper(from.groupId, from.name(), target, text));
        }
    }

    private void whispered(Packet packet) {
        Player target = server.named(packet.text(36, Names.LENGTH));
        if (target == null) {
            charSide.to(InterPackets.whisperAnswer(packet.i32(4), 1));
            return;
        }
        target.send(ClientPackets.whispered(packet.text(12, Names.LENGTH), packet.text(60, packet.length() - 60)));
        charSide.to(InterPackets.whisperAnswer(packet.i32(4), 0));
    }

    void createParty(Player player, String name) {
        charSide.to(InterPackets.partyCreate(name, Party.Member.of(player.status, player.map)));
    }

    void joinParty(Player player, int partyId) {
        charSide.to(InterPackets.partyJoin(partyId, Party.Member.of(player.status, player.map)));
    }

    void leaveParty(Player player) {
        charSide.to(InterPackets.partyLeave(player.status.partyId(), player.status));
    }

    void partyMoved(Player player, boolean online) {
        if (player.status.partyId() > 0 && player.loaded) {
            charSide.to(InterPackets.partyMoved(player.status, player.map, online));
        }
    }

    /** To everybody here by our own hand, to the others by the char-server's. */
    void partySay(Player player, String text) {
        int partyId = player.status.partyId();
        if (partyId == 0) {
            return;
        }
        if (charSide.otherServers() > 0) {
            charSide.to(InterPackets.partyChat(InterPackets.PARTY_CHAT, partyId, player.accountId, text));
        }
        partySaid(partyId, player.accountId, text);
    }

    private void partySaid(int partyId, int accountId, String text) {
        for (Player player : server.players()) {
            if (player.status.partyId() == partyId) {
                player.send(ClientPackets.partyChat(accountId, text));
            }
        }
    }

    @Nullable
    Party party(int partyId) {
        return parties.get(partyId);
    }

    private void party(Packet packet) {
        if (packet.length() == 12) {
            parties.remove(packet.i32(8));
            for (Player player : server.players()) {
                if (player.status.partyId() == packet.i32(8)) {
                    player.status.partyId(0);
                }
            }
        } else {
            Party party = Party.read(packet, 8);
            parties.put(party.id(), party);
        }
    }

    private void partyCreated(Packet packet) {
        Player player = server.playing(packet.i32(2));
        if (player == null) {
            return;
        }
        boolean created = packet.u8(10) == 0;
        if (created) {
            player.status.partyId(packet.i32(11));
        }
        player.send(ClientPackets.partyCreated(created ? 0 : 1));
    }

    private void partyJoined(Packet packet) {
        Player player = server.playing(packet.i32(6));
        if (player != null && packet.u8(14) == 0) {
            player.status.partyId(packet.i32(2));
            partyMoved(player, true);
        }
    }

    private void partyLeft(Packet packet) {
        Player player = server.playing(packet.i32(6));
        if (player != null && player.status.partyId() == packet.i32(2)) {
            player.status.partyId(0);
        }
    }

    private void partyMember(Packet packet) {
        Party party = parties.get(packet.i32(2));
        Party.Member member = party == null ? null : party.member(packet.i32(6), packet.i32(10));
        if (member != null) {
            member.online(packet.u8(14) != 0);
            member.at(packet.text(17, Names.MAP_LENGTH), packet.u16(15));
        }
    }
}
