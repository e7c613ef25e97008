package io.p2phost.assignment.ownership;

/** What became of a change of owner. */
public sealed interface Move {
    /** The row as it stands afterwards. */
    MapState state();

    /** The wanted owner has the map. */
    record Done(MapState state) implements Move {}

    /** Somebody else was first: what is in effect was taken over. */
    record Adopted(MapState state) implements Move {}

    /** Nothing was wanted, given how the row stood. */
    record Declined(MapState state) implements Move {}

    /** Somebody else's change of this map is on its way. */
    record Busy(MapState state) implements Move {}

    /** The wanted host is full, or db-proxy says that it cannot serve maps. */
    record HostRefused(MapState state, String reason) implements Move {}

    /** db-proxy cannot be asked or did not answer; nothing moves until it does. */
    record Undecided(MapState state) implements Move {}
}
