package io.p2phost.assignment.entry;

import io.p2phost.assignment.ownership.Targets.Target;
import io.p2phost.assignment.selection.Score;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import org.jspecify.annotations.Nullable;

/**
 * Where the player goes, and why.
 *
 * @param epoch the map's epoch as known here; 0 when it never had an owner
 * @param hostId the host for {@code P2P}, else null
 * @param score how that host was rated; null for the VPS
 */
public record EntryAnswer(
        Decision decision,
        Reason reason,
        MapName map,
        Epoch epoch,
        @Nullable HostId hostId,
        Target target,
        @Nullable Score score) {
    /** Who serves the player. */
    public enum Decision {
        P2P,
        VPS
    }

    /** Why. */
    public enum Reason {
        /** A host has the map and is ready. */
        ASSIGNED,
        /** No host passes the gates. */
        NO_HOST,
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
        ARBITER_UNAVAILABLE
    }
}
