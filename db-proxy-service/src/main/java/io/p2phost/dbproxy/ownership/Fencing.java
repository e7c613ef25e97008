package io.p2phost.dbproxy.ownership;

/** Cuts what the owner before may still hold. */
@FunctionalInterface
public interface Fencing {
    /** Cuts every char link of the map that is older than the row in effect. Must not block. */
    void fence(MapOwner now);
}
