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

    /**
     * Writes what was decided, unless something stronger was; {@link Failover.Decision#STAY} ends the failover when
     * nothing was decided before, or only to hold.
     *
     * @param notBefore for {@link Failover.Decision#HOLD}: until when
     * @return as it stands now
     */
    Failover decide(UUID failover, Failover.Decision decision, @Nullable Instant notBefore, Instant now);

    /** Ends a step. */
    void done(UUID failover, MapName map, Epoch epoch, @Nullable Owner owner, Instant now);

    /** Notes a try that did not end the step. */
    void tried(UUID failover, MapName map);

    /** Ends the failover if all its steps are; gives it as it stands. */
    Failover close(UUID failover, Instant now);

    /** Open failovers started before that, which do not wait now. */
    List<Failover> open(Instant startedBefore, Instant now, int limit);

    /** Hosts lost after that, with the time; those that another observer heard are not among them. */
    Map<HostId, Instant> lostSince(Instant since);

    /** Forgets ended failovers older than that; at most limit at once. */
    int forget(Instant before, int limit);
}
