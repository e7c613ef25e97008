package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.LoadItems;
import io.p2phost.ro.inter.MapToChar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.Inflater;

/**
 * Accepted save groups of one player that the char-server has not been given, merged: of what replaces an older state the
 * newest, of variables all in order. Bounded; the journal has them all, one by one.
 */
final class PendingSaves {
    /** Variables change in steps, so none may be left out; a player who changes more waits for the char-server. */
    static final int MAX_VARIABLE_SAVES = 256;

    /** Id, length, and what is saved. */
    private static final int HEAD = 16;

    private static final Field ITEM_KIND =
            InterPackets.MAP_TO_CHAR.packet(MapToChar.SAVE_ITEMS).field("kind");

    private static final List<Integer> STATES = List.of(
            MapToChar.SAVE_STATUS_CHANGES,
            MapToChar.SAVE_COOLDOWNS,
            MapToChar.SAVE_BONUS_SCRIPTS,
            MapToChar.SAVE_ITEMS);

    private final Map<Integer, Compressed> newest = new LinkedHashMap<>();
    private final Deque<Compressed> variables = new ArrayDeque<>();
    /** Other saves of the player: quests, achievements, and each companion's newest. */
    private final Map<Long, Compressed> others = new LinkedHashMap<>();

    boolean isEmpty() {
        return newest.isEmpty() && variables.isEmpty() && others.isEmpty();
    }

    /** As it was kept; empty when it does not fit: then nothing of it was taken. */
    Optional<List<Compressed>> add(List<Packet> group) {
        long more = group.stream()
                .filter(packet -> packet.id() == MapToChar.SAVE_VARIABLES)
                .count();
        if (variables.size() + more > MAX_VARIABLE_SAVES) {
            return Optional.empty();
        }
        return Optional.of(put(group));
    }

    /** What was added before this service was started again. */
    void restore(SavedGroup group) {
        Inflater inflater = new Inflater();
        try {
            restore(group, inflater);
        } finally {
            inflater.end();
        }
    }

    /** The same, one of many. */
    void restore(SavedGroup group, Inflater inflater) {
        List<Compressed> all = group.kept();
        try {
            // A journal may have a hundred thousand groups, most of them overtaken: they are not inflated for that.
            if (Packet.of(all.getLast().head(HEAD, inflater)).id() == MapToChar.SAVE_CHARACTER) {
                all.forEach(kept -> put(Packet.of(kept.head(HEAD, inflater)), kept));
            } else {
                all.forEach(kept -> addOther(Packet.of(kept.plain())));
            }
        } catch (IllegalStateException e) {
            throw group.damaged(e);
        }
    }

    /** Groups that come to the same when they are restored: what replaces an older state only once. */
    List<SavedGroup> merged(int account, int character) {
        List<SavedGroup> groups = new ArrayList<>();
        List<Compressed> group = new ArrayList<>();
        newest.forEach((key, kept) -> {
            if (key >> Byte.SIZE != MapToChar.SAVE_CHARACTER) {
                group.add(kept);
            }
        });
        group.addAll(variables);
        Compressed record = newest.get(key(MapToChar.SAVE_CHARACTER, 0));
        if (record != null) {
            group.add(record);
            groups.add(SavedGroup.of(account, character, group));
        }
        if (!others.isEmpty()) {
            groups.add(SavedGroup.of(account, character, List.copyOf(others.values())));
        }
        return groups;
    }

    private List<Compressed> put(List<Packet> group) {
        List<Compressed> all = new ArrayList<>();
        for (Packet packet : group) {
            Compressed kept = Compressed.of(packet.bytes());
            all.add(kept);
            put(packet, kept);
        }
        return all;
    }

    /** @param head at least its first bytes */
    private void put(Packet head, Compressed kept) {
        switch (head.id()) {
            case MapToChar.SAVE_VARIABLES -> variables.add(kept);
            case MapToChar.SAVE_ITEMS -> newest.put(key(head.id(), items(head)), kept);
            default -> newest.put(key(head.id(), 0), kept);
        }
    }

    /** A save outside the groups; the newest replaces the older, also in its place. */
    Compressed addOther(Packet packet) {
        CompanionKind kind = CompanionKind.of(packet.id());
        int number = kind == null ? 0 : kind.number(packet);
        if (kind != null && packet.id() == kind.delete) {
            others.remove(key((long) kind.save, number));
        }
        long key = key((long) packet.id(), number);
        others.remove(key);
        Compressed kept = Compressed.of(packet.bytes());
        others.put(key, kept);
        return kept;
    }

    private static long key(long id, int number) {
        return (id << Integer.SIZE) | Integer.toUnsignedLong(number);
    }

    /** All in the order in which a map-server saves; the character's record closes it. */
    List<Packet> inOrder() {
        List<Packet> packets = new ArrayList<>();
        for (int id : STATES) {
            newest.forEach((key, kept) -> {
                if (key >> Byte.SIZE == id) {
                    packets.add(Packet.of(kept.plain()));
                }
            });
        }
        variables.forEach(kept -> packets.add(Packet.of(kept.plain())));
        Compressed record = newest.get(key(MapToChar.SAVE_CHARACTER, 0));
        if (record != null) {
            packets.add(Packet.of(record.plain()));
        }
        others.values().forEach(kept -> packets.add(Packet.of(kept.plain())));
        return packets;
    }

    /** The newest record of the character; empty when none waits. */
    Optional<Packet> record() {
        return Optional.ofNullable(newest.get(key(MapToChar.SAVE_CHARACTER, 0)))
                .map(record -> Packet.of(record.plain()));
    }

    /**
     * What of the answer to a load is not known to be stored, oldest first: the char-server, whose database may not have taken
     * it, does not know it yet. Nothing of what ends by itself, and nothing of what is not kept here.
     */
    List<Packet> of(Packet load) {
        CompanionKind companion = CompanionKind.of(load.id());
        Stream<Compressed> saves = switch (load.id()) {
            case MapToChar.LOAD_VARIABLES -> variables.stream();
            case MapToChar.LOAD_ITEMS -> Stream.ofNullable(newest.get(key(MapToChar.SAVE_ITEMS, itemsOf(load))));
            case MapToChar.LOAD_QUESTS -> Stream.ofNullable(others.get(key((long) MapToChar.SAVE_QUESTS, 0)));
            case MapToChar.LOAD_ACHIEVEMENTS ->
                Stream.ofNullable(others.get(key((long) MapToChar.SAVE_ACHIEVEMENTS, 0)));
            default ->
                companion == null
                        ? Stream.empty()
                        : Stream.ofNullable(others.get(key((long) companion.save, companion.number(load))));
        };
        return saves.map(kept -> Packet.of(kept.plain())).toList();
    }

    private static int itemsOf(Packet load) {
        ItemKind kind = new LoadItems(load).kind();
        return kind == null ? 0 : kind.code();
    }

    private static int key(int id, int kind) {
        return (id << Byte.SIZE) | kind;
    }

    /** Inventory, cart and storage are three states. */
    private static int items(Packet head) {
        ItemKind kind = ItemKind.byCode(ITEM_KIND.integer(head));
        return kind == null ? 0 : kind.code();
    }

    void clear() {
        newest.clear();
        variables.clear();
        others.clear();
    }
}
