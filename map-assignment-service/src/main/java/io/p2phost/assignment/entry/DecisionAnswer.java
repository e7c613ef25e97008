package io.p2phost.assignment.entry;

import io.p2phost.contracts.HostId;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a map on which a player stands on the reserve.
 *
 * @param hostId the host that has the map or was just given it; null for the VPS, and while nobody knows yet
 */
public record DecisionAnswer(
        Decision decision, Reason reason, @Nullable HostId hostId) {
    /** Who will serve. */
    public enum Decision {
        /** A host was given the map, or one is being chosen; the map moves over when it is ready. */
        ASSIGNING,
        /** A host has the map and is ready. */
        HOST,
        /** The map stays where it is. */
        VPS
    }
}
