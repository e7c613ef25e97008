package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.ItemsLoaded;
import io.p2phost.ro.inter.LoadItems;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.OwnIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One player's stay as it was recorded: what is loaded for him, what is answered, and how he is saved. */
final class MemoryTraffic {
    private static final Map<Integer, Integer> ANSWERS = new LinkedHashMap<>(Map.of(
            MapToChar.LOAD_VARIABLES, CharToMap.VARIABLES,
            MapToChar.LOAD_ITEMS, CharToMap.ITEMS,
            MapToChar.LOAD_COOLDOWNS, CharToMap.COOLDOWNS,
            MapToChar.LOAD_BONUS_SCRIPTS, CharToMap.BONUS_SCRIPTS,
            MapToChar.LOAD_MAIL, CharToMap.MAILBOX,
            MapToChar.LOAD_QUESTS, CharToMap.QUESTS,
            MapToChar.LOAD_ACHIEVEMENTS, CharToMap.ACHIEVEMENTS,
            MapToChar.LOAD_STATUS_CHANGES, CharToMap.STATUS_CHANGES));

    private final List<Packet> loads;
    private final List<Packet> group;
    private final List<Packet> said;

    private MemoryTraffic(List<Packet> loads, List<Packet> group, List<Packet> said) {
        this.loads = loads;
        this.group = group;
        this.said = said;
    }

    static MemoryTraffic recorded() throws IOException {
        List<Packet> asked = Recording.packets("inter_A_m2c.bin", InterLengths.fromMapServer());
        List<Packet> said = Recording.packets("inter_A_c2m.bin", InterLengths.fromCharServer());
        int begin = first(asked, MapToChar.SAVE_BONUS_SCRIPTS);
        int end = first(asked, MapToChar.SAVE_ACHIEVEMENTS) + 1;
        List<Packet> loads = asked.subList(0, begin).stream()
                .filter(packet -> ANSWERS.containsKey(packet.id()))
                .toList();
        return new MemoryTraffic(loads, List.copyOf(asked.subList(begin, end)), said);
    }

    private static int first(List<Packet> packets, int id) {
        for (int i = 0; i < packets.size(); i++) {
            if (packets.get(i).id() == id) {
                return i;
            }
        }
        throw new IllegalStateException(String.format("recording: no %04x", id));
    }

    /** What a map-server asks for a player who comes. */
    List<Packet> loads(int account) {
        return loads.stream()
                .map(packet -> of(account, packet.copy(), OwnIds.fromMapServer(packet.id())))
                .toList();
    }

    /** What a map-server sends to save him: a save group and the achievements behind it. */
    List<Packet> save(int account) {
        return group.stream()
                .map(packet -> of(account, packet.copy(), OwnIds.fromMapServer(packet.id())))
                .toList();
    }

    /** What a char-server tells a map-server at its login and with its maps. */
    Packet said(int id) {
        return said.get(first(said, id));
    }

    /** A character's record as the char-server gave it. */
    byte[] record() {
        return new AuthOk(said(CharToMap.AUTH_OK)).status(EngineAlone.LAYOUT).bytes();
    }

    /** What a char-server answers to one of the loads; empty when it is none. */
    List<Packet> answers(Packet load) {
        Integer id = ANSWERS.get(load.id());
        if (id == null) {
            return List.of();
        }
        List<Packet> answers = new ArrayList<>();
        int account = OwnIds.fromMapServer(load.id()).accountId(load).orElse(0);
        int character = OwnIds.fromMapServer(load.id()).charId(load).orElse(0);
        for (Packet packet : stay()) {
            boolean meant = packet.id() == id
                    && (id != CharToMap.ITEMS || new ItemsLoaded(packet).kind() == new LoadItems(load).kind());
            if (meant) {
                answers.add(of(
                        account == 0 ? MemoryPlayer.account(character) : account,
                        packet.copy(),
                        OwnIds.fromCharServer(id)));
            }
        }
        return answers;
    }

    /** From the first player's coming to his first save. */
    private List<Packet> stay() {
        return said.subList(first(said, CharToMap.AUTH_OK), first(said, CharToMap.ITEMS_SAVED));
    }

    private static Packet of(int account, Packet packet, OwnIds ids) {
        if (ids.accountId() != null) {
            ids.accountId().set(packet, account);
        }
        if (ids.charId() != null) {
            ids.charId().set(packet, MemoryPlayer.character(account));
        }
        return packet;
    }
}
