package io.p2phost.dbproxy.mux;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rare items of one player as they were last given to or taken from a map-server, for each of his stores. */
final class RareStock {
    private final Map<Integer, Map<Integer, Count>> stores = new TreeMap<>();
    /** Of a session from before anything was counted: what is not known was always there. */
    private final boolean begun;
    /** His map-server gave him some: in its memory they are like any others. */
    private boolean fresh;

    /**
     * Pieces of one item in one store.
     *
     * @param marked those among them that are to be confirmed
     */
    record Count(int total, int marked) {
        static final Count NONE = new Count(0, 0);

        Count plus(Count more) {
            return new Count(total + more.total, marked + more.marked);
        }
    }

    RareStock() {
        this(true);
    }

    private RareStock(boolean begun) {
        this.begun = begun;
    }

    boolean knows(int store) {
        return begun || stores.containsKey(store);
    }

    Count count(int store, int item) {
        return stores.getOrDefault(store, Map.of()).getOrDefault(item, Count.NONE);
    }

    /** In all stores but those. */
    Count outside(Set<Integer> but, int item) {
        return stores.keySet().stream()
                .filter(store -> !but.contains(store))
                .map(store -> count(store, item))
                .reduce(Count.NONE, Count::plus);
    }

    /** Whether that is news. */
    boolean put(int store, Map<Integer, Count> items) {
        return !Map.copyOf(items).equals(stores.put(store, Map.copyOf(items)));
    }

    Set<Integer> items() {
        return stores.values().stream()
                .flatMap(items -> items.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    boolean isFresh() {
        return fresh;
    }

    void fresh(boolean isFresh) {
        fresh = isFresh;
    }

    /** As {@code 1 4001:2:1;2;3 4005:1:0}: store, items, pieces, marked ones. */
    @Override
    public String toString() {
        return stores.entrySet().stream()
                .map(store -> store.getKey()
                        + store.getValue().entrySet().stream()
                                .map(item -> " " + item.getKey() + ":" + item.getValue().total + ":"
                                        + item.getValue().marked)
                                .sorted()
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(";"));
    }

    /** @param text null for a session from before anything was counted */
    static RareStock of(@Nullable String text) {
        RareStock stock = new RareStock(text != null);
        for (String store : text == null || text.isEmpty() ? new String[0] : text.split(";", -1)) {
            String[] parts = store.split(" ", -1);
            Map<Integer, Count> items = new HashMap<>();
            for (int i = 1; i < parts.length; i++) {
                String[] item = parts[i].split(":", -1);
                items.put(Integer.parseInt(item[0]), new Count(Integer.parseInt(item[1]), Integer.parseInt(item[2])));
            }
            stock.put(Integer.parseInt(parts[0]), items);
        }
        return stock;
    }
}
