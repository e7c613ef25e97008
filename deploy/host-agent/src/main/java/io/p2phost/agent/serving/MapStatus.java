package io.p2phost.agent.serving;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;

/** A held map as the player sees it; {@code detail} is empty when all is well. */
public record MapStatus(MapName map, Epoch epoch, Phase phase, String detail, int players) {
    /** How far a map is. */
    public enum Phase {
        /** Held from before, waiting for the session. */
        HELD,
        /** Checking the map-server, dialling db-proxy, waiting for the map-server to log in over the char link. */
        STARTING,
        /** Served. */
        READY,
        /** Logged in, and ready to take the map over when its owner is lost. */
        STANDBY,
        /** Cannot be served now; tried again by itself. */
        NOT_READY
    }
}
