package io.p2phost.assignment.failover;

import io.p2phost.assignment.ownership.Handovers;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A host's maps on their way to others: one step a map, each repeatable by any instance.
 *
 * @param reporter who lost the host; a relay's id, or a service's
 * @param decision null until the other observers were asked
 * @param notBefore until when maps wait whose standby is not proven alive; null when none waits
 */
public record Failover(
        UUID id,
        HostId hostId,
        LossReport.Cause cause,
        String reporter,
        Instant startedAt,
        @Nullable Decision decision,
        @Nullable Instant notBefore,
        List<Step> steps) {
    /** What was decided about the report. The strongest of several comes last. */
    public enum Decision {
        /** Another relay hears the host: its maps stay. */
        STAY,
        /** Too many hosts were lost at once to believe it yet. */
        HOLD,
        /** db-proxy hears the host, no relay does: the maps go once the players are saved. */
        SAVE_FIRST,
        /** Nobody hears it. */
        GO_ON
    }

    public Failover {
        steps = List.copyOf(steps);
    }

    /** As what the maps' changes of owner are made. */
    String moveCause() {
        return decision == Decision.SAVE_FIRST ? Handovers.TUNNEL_ONLY : cause.name();
    }

    /** Whether it may not be gone through now. */
    boolean waitsAt(Instant now) {
        return notBefore != null && now.isBefore(notBefore);
    }

    /**
     * One map.
     *
     * @param fromEpoch the epoch at which the host had it
     * @param epoch the epoch it moved to; null while it has not
     */
    public record Step(
            MapName map,
            Epoch fromEpoch,
            @Nullable Epoch epoch,
            @Nullable Owner owner) {
        public boolean done() {
            return epoch != null;
        }
    }
}
