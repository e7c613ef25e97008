package io.p2phost.contracts;

/** A host's life as the registry judges it. Only {@link #READY} hosts are given new maps. */
public enum HostLifeState {
    /** Known by its key, not in a session. */
    ENROLLED,
    /** In a session, lease valid. */
    READY,
    /** Missed heartbeats, lease not yet over. */
    UNHEALTHY,
    /** Lease expired or session ended. */
    OFFLINE,
    /** Keeps nothing new, maps are moving away. */
    DRAINING,
    /** Held back for checks. */
    QUARANTINED,
    /** Banned; its tunnel and char links are cut. */
    BLACKLISTED
}
