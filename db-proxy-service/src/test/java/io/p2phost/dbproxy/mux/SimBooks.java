package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.sessions.SimPostgres;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveItems;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.sim.Item;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What db-proxy accepted of each character, and which of it is owed: whatever it took for safe, or was in the journal when it
 * died. What was neither when it died may be lost, but only whole.
 */
final class SimBooks {
    private static final int ITEMS = 24;
    private static final int ITEM = 77;
    private static final int SLOTS = 600;

    private final Map<Integer, List<Entry>> accepted = new LinkedHashMap<>();

    /** What a character has: experience of all levels together, money, and what he carries. */
    record Belongings(long progress, int zeny, List<String> inventory) {
        static Belongings stored(SimDatabase database, int character) {
            return of(database.status(character), database.inventory(character));
        }

        static Belongings played(SimMapServer server, int account) {
            return of(server.status(account), server.inventory(account));
        }

        /** Who saved him before his items had come, or whose loading died with db-proxy, saved none. */
        boolean hasItems() {
            return !inventory.isEmpty();
        }

        boolean isIn(Belongings stored) {
            return progress == stored.progress
                    && zeny == stored.zeny
                    && (!hasItems() || inventory.equals(stored.inventory));
        }

        private static Belongings of(Status status, List<Item> inventory) {
            return new Belongings(
                    SimBooks.progress(status.baseLevel(), status.baseExp()),
                    status.zeny(),
                    inventory.stream().map(SimBooks::named).sorted().toList());
        }
    }

    private static final class Entry {
        private final SavedGroup group;
        private @Nullable Belongings what;
        private boolean owed;
        private boolean stored;

        Entry(SavedGroup group) {
            this.group = group;
        }

        Belongings what() {
            if (what == null) {
                what = of(group);
            }
            return what;
        }
    }

    static long progress(int level, long experience) {
        long all = experience;
        for (int each = 1; each < level; each++) {
            all += 9L * each * each;
        }
        return all;
    }

    private static String named(Item item) {
        return named(item.nameId(), item.amount(), item.uniqueId());
    }

    private static String named(int nameId, int amount, long uniqueId) {
        return nameId + " x " + amount + " #" + Long.toHexString(uniqueId);
    }

    /** Without unpacking it: a save outside the groups is one packet. */
    private static boolean isGroup(SavedGroup group) {
        return ByteBuffer.wrap(group.body()).getInt(Integer.BYTES) + 2 * Integer.BYTES < group.body().length;
    }

    private static Belongings of(SavedGroup group) {
        List<Packet> packets = group.packets();
        CharStatus character = MuxUnderTest.statusOf(packets.getLast());
        List<String> inventory = new ArrayList<>();
        packets.stream()
                .filter(packet ->
                        packet.id() == MapToChar.SAVE_ITEMS && new SaveItems(packet).kind() == ItemKind.INVENTORY)
                .forEach(packet -> inventory(packet, inventory));
        return new Belongings(
                progress(character.baseLevel(), character.baseExp()),
                character.zeny(),
                inventory.stream().sorted().toList());
    }

    private static void inventory(Packet save, List<String> inventory) {
        Packet items = Packet.of(new SaveItems(save).storageBytes());
        for (int slot = 0; slot < SLOTS; slot++) {
            int at = ITEMS + slot * ITEM;
            if (items.i32(at + 4) != 0) {
                inventory.add(named(items.i32(at + 4), items.i16(at + 8), items.i64(at + 64)));
            }
        }
    }

    /** The last part of a group. */
    static SavedGroup recordOf(SavedGroup group) {
        ByteBuffer body = ByteBuffer.wrap(group.body());
        int at = 0;
        for (int next = 0; next < group.body().length; next += 2 * Integer.BYTES + body.getInt(next + Integer.BYTES)) {
            at = next;
        }
        return new SavedGroup(
                group.account(), group.character(), Arrays.copyOfRange(group.body(), at, group.body().length));
    }

    void accepted(SavedGroup group) {
        if (isGroup(group)) {
            accepted.computeIfAbsent(group.character(), any -> new ArrayList<>())
                    .add(new Entry(group));
        }
    }

    /** db-proxy takes it for written. */
    void written(SavedGroup group) {
        List<Entry> his = accepted.getOrDefault(group.character(), List.of());
        for (int i = his.size() - 1; i >= 0; i--) {
            if (his.get(i).group.equals(group)) {
                owe(his, i);
                return;
            }
        }
    }

    /** db-proxy takes all of it for stored. */
    void applied(int character) {
        List<Entry> his = accepted.getOrDefault(character, List.of());
        owe(his, his.size() - 1);
        if (!his.isEmpty()) {
            his.getFirst().stored = true;
        }
    }

    private static void owe(List<Entry> his, int which) {
        if (which >= 0) {
            his.get(which).owed = true;
            his.subList(0, which).clear();
        }
    }

    /** What of the rest is in the journal is owed by the next instance; what a disk lost that was seen to lie is not. */
    void proxyDied(SimPostgres postgres) {
        accepted.values().forEach(his -> {
            if (postgres.isTroubled()) {
                his.forEach(each -> each.owed &= each.stored || postgres.isJournaled(each.group));
            }
            for (int i = his.size() - 1; i > 0; i--) {
                if (postgres.isJournaled(his.get(i).group)) {
                    owe(his, i);
                    return;
                }
            }
        });
    }

    /** Whose journal is older than what is known to be stored of them: its next replay takes them back. */
    Set<Integer> overtaken(SimPostgres postgres) {
        return postgres.journal().stream()
                .filter(group -> isGroup(group)
                        && accepted.getOrDefault(group.character(), List.of()).stream()
                                .noneMatch(each -> each.group.equals(group)))
                .map(SavedGroup::character)
                .filter(character -> accepted.getOrDefault(character, List.of()).stream()
                        .noneMatch(each -> each.owed && postgres.isJournaled(each.group)))
                .collect(Collectors.toSet());
    }

    /** Core saved him itself, behind whatever was accepted. */
    void ofCore(int character) {
        accepted.remove(character);
    }

    /** Whether the newest that was accepted of him is in the journal, or with the char-server, as far as db-proxy knows. */
    boolean isSafe(int character, SimPostgres postgres) {
        List<Entry> his = accepted.getOrDefault(character, List.of());
        return his.isEmpty() || his.getLast().owed || postgres.isJournaled(his.getLast().group);
    }

    /** What he must have at least; empty when nothing is owed. */
    Optional<Belongings> owed(int character) {
        List<Entry> his = accepted.getOrDefault(character, List.of());
        return his.isEmpty() || !his.getFirst().owed
                ? Optional.empty()
                : Optional.of(his.getFirst().what());
    }

    /** Whether somebody who is in no server's hands may have that: what is owed, or something newer, and all of it. */
    boolean allows(int character, Belongings stored) {
        List<Entry> his = accepted.getOrDefault(character, List.of());
        return his.isEmpty()
                || !his.getFirst().owed
                || his.stream().anyMatch(each -> each.what().isIn(stored));
    }

    String of(int character) {
        return accepted.getOrDefault(character, List.of()).stream()
                .map(each -> (each.owed ? "owed " : "") + each.what())
                .toList()
                .toString();
    }
}
