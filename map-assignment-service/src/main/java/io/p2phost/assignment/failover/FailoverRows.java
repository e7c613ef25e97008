package io.p2phost.assignment.failover;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Failovers and their steps. At most one failover of a host is open. */
public interface FailoverRows {
    /** Opens a failover with a step for each of the maps, or adds those to the open one of that host. */
    Failover open(LossReport report, Map<MapName, Epoch> maps, Instant now);

    /** Ends a step. */
    void done(UUID failover, MapName map, Epoch epoch, @Nullable Owner owner, Instant now);

    /** Notes a try that did not end the step. */
    void tried(UUID failover, MapName map);

    /** Ends the failover if all its steps are; gives it as it stands. */
    Failover close(UUID failover, Instant now);

    /** Open failovers started before that. */
    List<Failover> open(Instant startedBefore, int limit);

    /** Hosts lost after that, with the time. */
    Map<HostId, Instant> lostSince(Instant since);

    /** Forgets ended failovers older than that; at most limit at once. */
    int forget(Instant before, int limit);
}
