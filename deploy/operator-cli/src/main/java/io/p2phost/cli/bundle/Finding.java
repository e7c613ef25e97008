package io.p2phost.cli.bundle;

import java.util.Comparator;

/**
 * Something that would go wrong if a host ran the map.
 *
 * @param file relative to the tree
 */
public record Finding(String map, Kind kind, String file, int line, String what) implements Comparable<Finding> {
    private static final Comparator<Finding> BY_PLACE = Comparator.comparing(Finding::map)
            .thenComparing(Finding::file)
            .thenComparingInt(Finding::line)
            .thenComparing(Finding::kind)
            .thenComparing(Finding::what);

    /** Kinds of findings; the guide explains each. */
    public enum Kind {
        GLOBAL_EVENT,
        SQL,
        SERVER_VARIABLE,
        SHARED_VARIABLE,
        PLAYER_ADDRESS,
        INSTANCE,
        STOCK_SHOP,
        NOSAVE,
        OTHER_NPC,
        OTHER_MAP,
        ADDRESSED_FROM_ELSEWHERE
    }

    @Override
    public int compareTo(Finding other) {
        return BY_PLACE.compare(this, other);
    }
}
