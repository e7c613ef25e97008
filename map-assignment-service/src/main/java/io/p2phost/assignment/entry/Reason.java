package io.p2phost.assignment.entry;

/** Why somebody serves a map. */
public enum Reason {
    /** A host has the map and is ready. */
    ASSIGNED,
    /** No host passes the gates. */
    NO_HOST,
    /** The released bundle has not got the map: no host could run it. */
    NOT_IN_BUNDLE,
    /** A host was given the map and is not ready yet; the map moves over when it is. */
    HOST_NOT_READY,
    /** The operator said never. */
    RESTRICTED,
    /** Nothing says that players may host it. */
    NOT_ELIGIBLE,
    /** Hosting by players is off. */
    P2P_DISABLED,
    /** The operator called every map home. */
    CALLED_HOME,
    /** An operator put the map on the VPS for a while. */
    HELD,
    /** No relay is alive through which the host could be reached. */
    NO_RELAY,
    /** db-proxy does not answer, so no map changes its owner. */
    ARBITER_UNAVAILABLE,
    /** There is no such map. */
    UNKNOWN_MAP,
    /** Too much is being decided at this moment. */
    BUSY
}
