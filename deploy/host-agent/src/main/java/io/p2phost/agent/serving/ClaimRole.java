package io.p2phost.agent.serving;

/** As what a host claims a map. */
public enum ClaimRole {
    /** Its players are here. */
    PRIMARY,
    /** Ready to have them, and acts for nobody until the map is this host's. */
    STANDBY
}
