package io.p2phost.assignment.ownership;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of all maps that ever had an owner. Every change of one row happens under its lock. */
public interface MapStates {
    Optional<MapState> find(MapName map);

    /** Rows in order of name, after the given one. */
    List<MapState> page(@Nullable MapName after, int limit);

    /** Maps that the host owns or is about to. */
    List<MapState> ofHost(HostId host);

    /**
     * Puts an intent into the row, made if need be.
     *
     * @param decide looks at the locked row and says what is wanted; empty for nothing
     * @param staleBefore an older intent of somebody else counts as left behind and is replaced
     */
    Claim claim(MapName map, Function<MapState, Optional<Wanted>> decide, Instant now, Instant staleBefore);

    /**
     * Ends an attempt with what db-proxy answered. A row that is further already keeps its owner; but an epoch below
     * the one the attempt started from means that db-proxy lost its rows, and its word counts.
     *
     * @param readyDeadline for a host that must become ready; null otherwise
     */
    MapState settle(
            MapName map,
            UUID attempt,
            Epoch epoch,
            @Nullable Owner owner,
            List<Route> routes,
            @Nullable Instant readyDeadline,
            Instant now);

    /** Ends an attempt that certainly changed nothing. */
    void abandon(MapName map, UUID attempt);

    /** Takes over an owner in effect of a higher epoch; a host among them counts as ready. True when the row changed. */
    boolean adopt(MapName map, Epoch epoch, @Nullable Owner owner, Instant now);

    /** Notes what a host said about its readiness, also for an epoch that is still to come. */
    void readiness(MapName map, Epoch epoch, boolean ready);

    /** Notes that a player entered. */
    void entered(MapName map, Instant now);

    /** Keeps the map on the VPS until then; null lets go. */
    void hold(MapName map, @Nullable Instant until);

    /** Rows that somebody must look at: intents left behind, and hosts that are late or said that they cannot. */
    List<MapState> unsettled(Instant now, Instant staleBefore, int limit);
}
