package io.p2phost.assignment.failover;

import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.ownership.ActiveMaps;
import io.p2phost.assignment.ownership.Arbiter;
import io.p2phost.assignment.ownership.ArbiterUnavailableException;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Mover;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.ownership.ReadySignal;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts right what no event puts right: intents left behind, hosts that never became ready, maps of hosts that are
 * gone, maps on a VPS that moved, maps that may not be hosted any more. Every look is bounded; what is left over is
 * for the next one.
 */
public final class Repair {
    /** Rows treated in one look, and rows read in one page. */
    static final int MAX_ROWS = 200;

    /** By this much a look may be late; beyond it the fault is our own. */
    private static final Duration SLIP_TOLERANCE = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(Repair.class);

    private final MapStates states;
    private final Arbiter arbiter;
    private final Mover mover;
    private final Placement placement;
    private final Failovers failovers;
    private final Catalogues catalogues;
    private final OperatorConfig config;
    private final HostIndex index;
    private final ActiveMaps activeMaps;
    private final ReadySignal signal;
    private final InstantSource clock;
    private final Times times;
    private final OwnSlip slip;
    private final PlayedMaps played;
    private Instant distributedAt = Instant.EPOCH;

    /** Durations, as AssignmentProperties names them. */
    public record Times(
            Duration intentLease, Duration readyPenalty, Duration recentlyEntered, Duration sweepInterval) {}

    /** What repairs are made with. */
    public record Parts(
            MapStates states,
            Arbiter arbiter,
            Mover mover,
            Placement placement,
            Failovers failovers,
            Catalogues catalogues,
            OperatorConfig config,
            HostIndex index,
            ActiveMaps activeMaps,
            PlayedMaps played,
            ReadySignal signal) {}

    public Repair(Parts parts, InstantSource clock, LongSupplier nanos, Times times) {
        this.slip = new OwnSlip(nanos, times.sweepInterval(), SLIP_TOLERANCE);
        this.states = parts.states();
        this.arbiter = parts.arbiter();
        this.mover = parts.mover();
        this.placement = parts.placement();
        this.failovers = parts.failovers();
        this.catalogues = parts.catalogues();
        this.config = parts.config();
        this.index = parts.index();
        this.activeMaps = parts.activeMaps();
        this.played = parts.played();
        this.signal = parts.signal();
        this.clock = clock;
        this.times = times;
    }

    /** The quick look: intents left behind, hosts unable, and, when we are on time ourselves, hosts late. */
    public void unsettled() {
        Instant now = clock.instant();
        Instant lateBefore = slip.trusted() ? now : Instant.EPOCH;
        try {
            for (MapState state : states.unsettled(lateBefore, now.minus(times.intentLease()), MAX_ROWS)) {
                if (state.intent() != null) {
                    mover.finish(state);
                } else {
                    takeBack(state, now);
                }
                signal.raise();
            }
        } finally {
            slip.ended();
        }
    }

    private void takeBack(MapState state, Instant now) {
        Owner owner = Objects.requireNonNull(state.owner());
        HostId host = HostId.of(owner.id());
        String cause = state.failed() ? "HOST_FAILED" : "READY_TIMEOUT";
        log.warn("{}: {} was not ready for epoch {} ({})", state.map(), owner, state.epoch(), cause);
        index.penalise(host, now.plus(times.readyPenalty()));
        placement.home(
                state.map(),
                cause,
                current -> current.ownedBy(host) && current.epoch().equals(state.epoch()) && !current.ready());
    }

    /** The thorough look: every row against the hosts, the VPS servers and the catalogue. */
    public void everyMap() {
        Set<HostId> gone = new HashSet<>();
        forEach(state -> {
            if (placement.lost(state.owner())) {
                gone.add(HostId.of(Objects.requireNonNull(state.owner()).id()));
            } else if (state.hostOwned() && !placement.hostable(state.map())) {
                placement.home(state.map(), "NOT_HOSTABLE", MapState::hostOwned);
            } else if (state.owner() != null && !state.hostOwned() && !placement.onRegisteredVps(state)) {
                placement.home(state.map(), "VPS_CHANGED", current -> !current.hostOwned());
            }
        });
        gone.forEach(failovers::takeFrom);
    }

    /** Offers maps that players entered lately, or are on, to hosts, if the operator wants that and it is time. */
    public void distribute() {
        Instant now = clock.instant();
        if (!config.current().config().autoDistribute()
                || now.isBefore(distributedAt.plus(config.current().config().loadCheckInterval()))) {
            return;
        }
        distributedAt = now;
        Instant since = now.minus(times.recentlyEntered());
        Set<MapName> playedNow = played.onReserve();
        forEach(state -> {
            Instant entered = state.lastEnteredAt();
            boolean wanted = playedNow.contains(state.map()) || (entered != null && entered.isAfter(since));
            if (wanted
                    && state.owner() != null
                    && !state.hostOwned()
                    && !state.heldAt(now)
                    && placement.hostable(state.map())) {
                catalogues.find(state.map()).ifPresent(entry -> {
                    HostId host = placement.pick(entry, null, Set.of());
                    if (host != null) {
                        placement.toHost(state.map(), host, "DISTRIBUTE", current -> !current.hostOwned());
                    }
                });
            }
        });
    }

    /** Takes over every owner in effect; false when db-proxy does not answer. */
    public boolean adoptOwners() {
        try {
            Instant now = clock.instant();
            for (Arbiter.InEffect row : arbiter.owners()) {
                states.adopt(row.map(), row.epoch(), row.owner(), now);
                activeMaps.note(row.map(), row.epoch().value(), row.owner());
            }
            return true;
        } catch (ArbiterUnavailableException e) {
            log.info("owners in effect are not known anew: {}", e.getMessage());
            return false;
        }
    }

    private void forEach(Consumer<MapState> look) {
        @Nullable MapName after = null;
        List<MapState> page;
        do {
            page = states.page(after, MAX_ROWS);
            page.forEach(look);
            after = page.isEmpty() ? null : page.getLast().map();
        } while (page.size() == MAX_ROWS);
    }
}
