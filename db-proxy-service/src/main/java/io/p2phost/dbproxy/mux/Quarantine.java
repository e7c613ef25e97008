package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.mux.Outside.Found;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.dbproxy.mux.RareStock.Count;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.ItemsLoaded;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveItems;
import io.p2phost.ro.inter.Whisper;
import io.p2phost.ro.inter.WhisperDelivery;
import io.p2phost.ro.layout.Item;
import io.p2phost.ro.layout.Storage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rare items that a host's map gave to somebody stay his until they are confirmed. In everything that is stored of him they
 * are marked as bound, and stock map-servers let nobody drop, trade, sell, mail or store what is bound. The map-server that
 * gave them does not know of the mark; until he has left it he gives nothing away at all.
 *
 * <p>A host that lies gains nothing by it: what another of its players suddenly has is marked in turn.
 */
final class Quarantine {
    /** {@code item.bound} of a marked one: above all that rAthena knows (mmo.hpp), so that no other is taken for it. */
    static final int MARK = 100;

    /** Finds of one account that may wait; with more, his saves are taken no longer. */
    static final int MOST_WAITING = 200;

    /** Numbers of a char-server's own whispers count from 0, those of transfers from here, and never are this. */
    private static final int NOTE = 0x8000_0000;

    /** MAX_INVENTORY and MAX_CART (mmo.hpp): what stands behind is lost. */
    private static final int PLACES = 100;

    private static final String BOUND = "bound";
    private static final int FIRST_MADE = 0xfe;
    private static final int LAST_MADE = 0x100;
    private static final Set<ItemKind> KINDS = Set.of(ItemKind.INVENTORY, ItemKind.CART, ItemKind.STORAGE);

    private final World world;
    private final RareItems rare;
    private final Map<Integer, Waiting> waiting = new HashMap<>();

    /** Of one account: pieces by item, and how often some were found. */
    private static final class Waiting {
        private final Map<Integer, Integer> pieces = new HashMap<>();
        private int finds;
    }

    /**
     * A group, its rare items marked.
     *
     * @param fault why it cannot be taken; empty when it can
     * @param found what he has more of than before
     * @param stores as they are with it
     */
    record Review(
            Optional<SaveRules.Fault> fault, Map<Integer, Integer> found, Map<Integer, Map<Integer, Count>> stores) {
        static final Review NOTHING = new Review(Optional.empty(), Map.of(), Map.of());

        static Review fault(Violation.Kind kind, String what) {
            return new Review(Optional.of(new SaveRules.Fault(kind, what)), Map.of(), Map.of());
        }
    }

    Quarantine(World world) {
        this.world = world;
        this.rare = world.settings.limits().rare();
    }

    /** What waits since before a restart. */
    void start(List<Found> found) {
        found.forEach(this::waits);
    }

    private void waits(Found found) {
        Waiting of = waiting.computeIfAbsent(found.account(), any -> new Waiting());
        of.pieces.merge(found.item(), found.amount(), Integer::sum);
        of.finds++;
    }

    /** It is his now: the marks go when he gets his items the next time, or is saved by a host's map-server. */
    void confirmed(int account, int item, int amount) {
        Waiting of = waiting.get(account);
        if (of != null) {
            of.pieces.computeIfPresent(item, (any, pieces) -> pieces > amount ? pieces - amount : null);
            of.finds--;
            if (of.finds <= 0) {
                waiting.remove(account);
            }
        }
    }

    private int waiting(int account, int item) {
        Waiting of = waiting.get(account);
        return of == null ? 0 : of.pieces.getOrDefault(item, 0);
    }

    /** Finds that wait. */
    int finds() {
        return waiting.values().stream().mapToInt(of -> of.finds).sum();
    }

    // ---- what a map-server is given ----

    /** Items on their way to a map-server: marks of what does not wait any more are taken off. */
    void delivered(PlayerSession session, Packet packet) {
        if (rare.isNone() || packet.id() != CharToMap.ITEMS) {
            return;
        }
        ItemsLoaded items = new ItemsLoaded(packet);
        ItemKind kind = items.kind();
        if (kind == null || !KINDS.contains(kind) || !items.ok() || !items.isOf(world.settings.layout())) {
            return;
        }
        Storage storage = items.storage(world.settings.layout());
        int store = store(kind, storage);
        Map<Integer, Integer> left = new HashMap<>();
        count(storage).forEach((item, count) -> {
            int others = session.rare.outside(Set.of(store), item).marked();
            left.put(item, Math.min(count.marked(), waiting(session.account, item) - others));
        });
        mark(new Part(storage, places(kind, storage)), left);
        boolean isNews = session.rare.put(store, count(storage));
        if (kind == ItemKind.INVENTORY) {
            session.rare.fresh(false);
        }
        if (isNews && session.isInPlayHere()) {
            world.keep(session);
        }
    }

    private static int store(ItemKind kind, Storage storage) {
        return kind.code() + (kind == ItemKind.STORAGE ? storage.storageId() << Byte.SIZE : 0);
    }

    private static int places(ItemKind kind, Storage storage) {
        return kind == ItemKind.STORAGE ? storage.places() : Math.min(PLACES, storage.places());
    }

    // ---- what a map-server saves ----

    /** Looks through a group that is about to be taken, and marks in it what has to wait. */
    Review review(MapServer server, PlayerSession session, List<Packet> group) {
        if (rare.isNone()) {
            return Review.NOTHING;
        }
        Map<Integer, Part> parts = new LinkedHashMap<>();
        for (Packet packet : group) {
            if (packet.id() != MapToChar.SAVE_ITEMS) {
                continue;
            }
            SaveItems items = new SaveItems(packet);
            ItemKind kind = items.kind();
            if (kind == null || !KINDS.contains(kind)) {
                continue;
            }
            if (!items.isOf(world.settings.layout())) {
                return Review.fault(Violation.Kind.MISSHAPEN, "items of another build");
            }
            Storage storage = items.storage(world.settings.layout());
            Part part = new Part(storage, places(kind, storage));
            Part earlier = parts.put(store(kind, storage), part);
            if (earlier != null && server.isOnHost()) {
                // Overtaken in the same group: only what is last is counted.
                mark(earlier, totals(earlier.storage));
            }
        }
        Map<Integer, Integer> found = server.isOnHost() ? hold(session, parts) : Map.of();
        Waiting of = waiting.get(session.account);
        if (!found.isEmpty() && (of == null ? 0 : of.finds) + found.size() > MOST_WAITING) {
            return Review.fault(Violation.Kind.NOT_TAKEN, "more than " + MOST_WAITING + " finds of rare items wait");
        }
        Map<Integer, Map<Integer, Count>> stores = new HashMap<>();
        parts.forEach((store, part) -> stores.put(store, count(part.storage)));
        return new Review(Optional.empty(), found, stores);
    }

    private record Part(Storage storage, int places) {}

    /** Marks as many pieces of each item as were marked before or are new; gives the new ones. */
    private Map<Integer, Integer> hold(PlayerSession session, Map<Integer, Part> parts) {
        Map<Integer, Map<Integer, Count>> now = new LinkedHashMap<>();
        parts.forEach((store, part) -> now.put(store, count(part.storage)));
        Set<Integer> items = new TreeSet<>(session.rare.items());
        now.values().forEach(store -> items.addAll(store.keySet()));
        Map<Integer, Integer> found = new LinkedHashMap<>();
        Map<Integer, Integer> left = new HashMap<>();
        for (int item : items) {
            Count kept = session.rare.outside(parts.keySet(), item);
            Count before = kept;
            Count after = kept;
            for (Map.Entry<Integer, Map<Integer, Count>> store : now.entrySet()) {
                Count there = store.getValue().getOrDefault(item, Count.NONE);
                Count was = session.rare.knows(store.getKey()) ? session.rare.count(store.getKey(), item) : there;
                before = before.plus(was);
                after = after.plus(there);
            }
            int gain = Math.max(0, after.total() - before.total());
            if (gain > 0) {
                found.put(item, gain);
            }
            int wait = Math.min(before.marked(), waiting(session.account, item)) + gain;
            left.put(item, Math.min(after.total(), wait) - kept.marked());
        }
        parts.values().forEach(part -> mark(part, left));
        return found;
    }

    /** It is stored: from now on what was found waits. */
    void accepted(MapServer server, PlayerSession session, Review review) {
        review.stores.forEach(session.rare::put);
        if (server.key() instanceof ServerKey.Cell cell && !review.found.isEmpty()) {
            session.rare.fresh(true);
            review.found.forEach((item, amount) -> {
                Found found = new Found(session.account, session.character, item, amount, cell);
                waits(found);
                world.outside.found(found);
            });
            String what = review.found.keySet().stream()
                    .map(String::valueOf)
                    .reduce((one, next) -> one + ", " + next)
                    .orElse("");
            server.send(WhisperDelivery.of(
                            NOTE,
                            Whisper.of(
                                    "P2P",
                                    session.name,
                                    "Rare (" + what + "): yours, once it is confirmed. Until you leave this map you"
                                            + " cannot give anything away, then only this."))
                    .packet());
        }
    }

    // ---- items ----

    /** Rare items that nothing but a mark binds, and those with a mark. */
    private Map<Integer, Count> count(Storage storage) {
        Map<Integer, Count> counts = new LinkedHashMap<>();
        for (Item item : storage.items()) {
            if (isFree(item) || isMarked(item)) {
                pieces(item)
                        .forEach((number, pieces) ->
                                counts.merge(number, new Count(pieces, isMarked(item) ? pieces : 0), Count::plus));
            }
        }
        return counts;
    }

    private Map<Integer, Integer> totals(Storage storage) {
        Map<Integer, Integer> totals = new HashMap<>();
        count(storage).forEach((item, count) -> totals.put(item, count.total()));
        return totals;
    }

    private Map<Integer, Integer> pieces(Item item) {
        Map<Integer, Integer> pieces = new LinkedHashMap<>();
        if (rare.has(item.itemId())) {
            pieces.put(item.itemId(), item.amount());
        }
        // In what was made by a player, and in a pet's egg, the cards' places hold other numbers.
        int first = item.card(0);
        if (first < FIRST_MADE || first > LAST_MADE) {
            for (int card = 0; card < Item.CARDS; card++) {
                if (rare.has(item.card(card))) {
                    pieces.merge(item.card(card), item.amount(), Integer::sum);
                }
            }
        }
        return pieces;
    }

    private static boolean isFree(Item item) {
        return item.bound() == 0;
    }

    private static boolean isMarked(Item item) {
        return item.bound() == MARK;
    }

    /**
     * Leaves marks on so many pieces of each item, or on a few more where they cannot be parted, and takes the others off.
     *
     * @param left how many are to be marked; what is marked here is taken from it
     */
    private void mark(Part part, Map<Integer, Integer> left) {
        List<Item> all = part.storage.items();
        Set<Integer> before = new HashSet<>();
        for (Item item : all) {
            if (isMarked(item)) {
                before.add(item.at());
                item.set(BOUND, 0);
            }
        }
        for (int number : count(part.storage).keySet()) {
            all.stream()
                    .filter(item -> pieces(item).containsKey(number) && (isFree(item) || isMarked(item)))
                    .sorted(Comparator.comparing((Item item) -> !isMarked(item))
                            .thenComparing(item -> !before.contains(item.at()))
                            .thenComparing(item -> item.itemId() != number))
                    .forEach(item -> mark(part, item, number, left));
        }
    }

    private void mark(Part part, Item item, int number, Map<Integer, Integer> left) {
        int wanted = left.getOrDefault(number, 0);
        int here = pieces(item).getOrDefault(number, 0);
        if (isMarked(item)) {
            left.put(number, wanted - here);
        } else if (wanted > 0) {
            boolean isStack = item.itemId() == number && here == item.amount();
            if (wanted < here && isStack && split(part, item, wanted)) {
                left.put(number, 0);
            } else {
                item.set(BOUND, MARK);
                left.put(number, wanted - here);
            }
        }
    }

    /** So many of a stack get a place of their own, with the mark; false when there is none. */
    private static boolean split(Part part, Item stack, int pieces) {
        for (int place = 0; place < part.places; place++) {
            Item empty = part.storage.item(place);
            if (empty.isEmpty()) {
                // A row of its own in the database.
                empty.copy(stack).set("id", 0).set("amount", pieces).set(BOUND, MARK);
                stack.set("amount", stack.amount() - pieces);
                part.storage.amount(part.storage.amount() + 1);
                return true;
            }
        }
        return false;
    }
}
