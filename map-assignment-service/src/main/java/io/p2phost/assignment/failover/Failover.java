package io.p2phost.assignment.failover;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A host's maps on their way to others: one step a map, each repeatable by any instance. */
public record Failover(UUID id, HostId hostId, LossReport.Cause cause, Instant startedAt, List<Step> steps) {
    public Failover {
        steps = List.copyOf(steps);
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
