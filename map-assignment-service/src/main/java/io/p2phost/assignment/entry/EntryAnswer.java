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
}
