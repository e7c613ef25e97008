package io.p2phost.dbproxy.ownership;

/** Cuts what the owner before may still hold. */
@FunctionalInterface
public interface Fencing {
    /** Cuts every char link of the map that is older than the row in effect; blocks for half a second at most. */
    void fence(MapOwner now);
}
