package io.p2phost.assignment.ownership;

/** What became of a wish to change a map's owner, before db-proxy is asked. */
public sealed interface Claim {
    /** The row as it stands after the claim. */
    MapState state();

    /** The intent is in the row; nobody else changes this map until it is settled or has aged. */
    record Claimed(MapState state) implements Claim {}

    /** Somebody else's intent is on its way. */
    record Busy(MapState state) implements Claim {}

    /** Nothing was wanted, given how the row stands. */
    record Declined(MapState state) implements Claim {}

    /** The wanted host carries as many maps as it may, those intended included. */
    record HostFull(MapState state) implements Claim {}
}
