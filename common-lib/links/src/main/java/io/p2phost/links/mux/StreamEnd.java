package io.p2phost.links.mux;

/** How a stream ended. */
public enum StreamEnd {
    /** Both directions were finished. */
    FINISHED,
    /** The peer reset it. */
    RESET_BY_PEER,
    /** This side reset it. */
    RESET,
    /** The link under it ended. */
    LINK_LOST
}
