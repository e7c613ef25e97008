package io.p2phost.assignment.entry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.p2phost.assignment.catalogue.CatalogueEvents;
import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.entry.EntryAnswer.Decision;
import io.p2phost.assignment.entry.EntryAnswer.Reason;
import io.p2phost.assignment.ownership.HomeSwitch;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Move;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.ownership.ReadySignal;
import io.p2phost.assignment.ownership.Targets;
import io.p2phost.assignment.ownership.Targets.Target;
import io.p2phost.assignment.vps.Vps;
import io.p2phost.assignment.vps.VpsRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The decision for a player who enters a map: never hosted or not now, the VPS; a live owner, that owner; else the
 * best host is given the map and waited for, and the VPS serves meanwhile.
 */
public final class Entries {
    /** Looks at the row at least this often while waiting: readiness may be told to another instance. */
    private static final Duration LOOK = Duration.ofMillis(40);

    /** Rounds of choosing before the VPS serves: each ends in an owner, or rules a host out. */
    private static final int MAX_ROUNDS = 8;

    private final OperatorConfig config;
    private final Catalogues catalogues;
    private final CatalogueEvents catalogueEvents;
    private final Placement placement;
    private final MapStates states;
    private final HomeSwitch homeSwitch;
    private final VpsRegistry vps;
    private final Targets targets;
    private final EntryAnswers answers;
    private final ReadySignal signal;
    private final InstantSource clock;
    private final Duration readyWait;
    private final MeterRegistry meters;
    private final Timer duration;

    /** Everything an entry is decided from. */
    public record Parts(
            OperatorConfig config,
            Catalogues catalogues,
            CatalogueEvents catalogueEvents,
            Placement placement,
            MapStates states,
            HomeSwitch homeSwitch,
            VpsRegistry vps,
            Targets targets,
            EntryAnswers answers,
            ReadySignal signal) {}

    public Entries(Parts parts, InstantSource clock, Duration readyWait, MeterRegistry meters) {
        this.config = parts.config();
        this.catalogues = parts.catalogues();
        this.catalogueEvents = parts.catalogueEvents();
        this.placement = parts.placement();
        this.states = parts.states();
        this.homeSwitch = parts.homeSwitch();
        this.vps = parts.vps();
        this.targets = parts.targets();
        this.answers = parts.answers();
        this.signal = parts.signal();
        this.clock = clock;
        this.readyWait = readyWait;
        this.meters = meters;
        this.duration = meters.timer("p2p_assignment_entry_seconds");
    }

    /** Decides; the same request again gets the same answer. */
    public EntryOutcome enter(EntryRequest request) {
        return Objects.requireNonNull(duration.record(() -> {
            Optional<EntryAnswers.Kept> kept = answers.find(request.requestId());
            if (kept.isPresent()) {
                return repeated(kept.get(), request);
            }
            EntryOutcome outcome = catalogues
                    .find(request.map())
                    .map(entry -> decide(request, entry))
                    .orElseGet(EntryOutcome.UnknownMap::new);
            if (outcome instanceof EntryOutcome.Answered answered) {
                EntryAnswers.Kept now = answers.keep(request, answered.answer(), clock.instant());
                count(now.answer());
                return repeated(now, request);
            }
            return outcome;
        }));
    }

    private static EntryOutcome repeated(EntryAnswers.Kept kept, EntryRequest request) {
        return kept.isFor(request) ? new EntryOutcome.Answered(kept.answer()) : new EntryOutcome.RequestReused();
    }

    private EntryOutcome decide(EntryRequest request, MapEntry entry) {
        return switch (entry.eligibility()) {
            case RESTRICTED -> direct(request.map(), Reason.RESTRICTED, vps.core());
            case NOT_ELIGIBLE -> direct(request.map(), Reason.NOT_ELIGIBLE, vps.core());
            case ELIGIBLE -> eligible(request, entry);
        };
    }

    private EntryOutcome eligible(EntryRequest request, MapEntry entry) {
        MapName map = request.map();
        Optional<MapState> known = states.find(map);
        if (known.isEmpty()) {
            catalogueEvents.publish(List.of(entry));
        } else {
            states.entered(map, clock.instant());
        }
        if (!config.current().config().enabled()) {
            return home(request, Reason.P2P_DISABLED);
        }
        if (homeSwitch.on()) {
            return home(request, Reason.CALLED_HOME);
        }
        if (known.isPresent() && known.get().heldAt(clock.instant())) {
            return onVps(known.get(), Reason.HELD, request);
        }
        EntryOutcome outcome = choose(request, entry);
        if (known.isEmpty()) {
            states.entered(map, clock.instant());
        }
        return outcome;
    }

    private EntryOutcome choose(EntryRequest request, MapEntry entry) {
        MapName map = request.map();
        Instant deadline = clock.instant().plus(readyWait);
        Set<HostId> excluded = new HashSet<>();
        Predicate<MapState> vacant = state -> !live(state);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            MapState state = current(map);
            if (live(state)) {
                return ready(request, entry, state, deadline);
            }
            if (state.hostOwned()) {
                excluded.add(HostId.of(Objects.requireNonNull(state.owner()).id()));
            }
            HostId host = placement.pick(entry, request.region(), excluded);
            if (host == null) {
                return home(request, Reason.NO_HOST);
            }
            switch (placement.toHost(map, host, "ENTRY", vacant)) {
                case Move.HostRefused refused -> excluded.add(host);
                case Move.Undecided undecided -> {
                    return onVps(undecided.state(), Reason.ARBITER_UNAVAILABLE, request);
                }
                case Move.Busy busy -> {
                    if (!waitForChange(map, busy.state(), deadline)) {
                        return direct(map, Reason.HOST_NOT_READY, vps.reserve());
                    }
                }
                case Move.Done done -> {
                    return ready(request, entry, done.state(), deadline);
                }
                case Move.Adopted adopted -> {}
                case Move.Declined declined -> {}
            }
        }
        return home(request, Reason.NO_HOST);
    }

    /** Whether the map has a host that serves it or may still become ready. */
    private boolean live(MapState state) {
        return state.hostOwned() && !state.failed() && !placement.lost(state.owner());
    }

    private EntryOutcome ready(EntryRequest request, MapEntry entry, MapState first, Instant deadline) {
        MapState state = first;
        while (!state.ready() && live(state) && clock.instant().isBefore(deadline)) {
            if (!signal.await(LOOK)) {
                break;
            }
            state = current(request.map());
        }
        if (!state.hostOwned() || !state.ready()) {
            return direct(request.map(), Reason.HOST_NOT_READY, vps.reserve());
        }
        Optional<Target> relay = targets.relay(state, request.region());
        if (relay.isEmpty()) {
            return direct(request.map(), Reason.NO_RELAY, vps.reserve());
        }
        HostId host = HostId.of(Objects.requireNonNull(state.owner()).id());
        return new EntryOutcome.Answered(new EntryAnswer(
                Decision.P2P,
                Reason.ASSIGNED,
                state.map(),
                state.epoch(),
                host,
                relay.get(),
                placement.score(host, entry, request.region()).orElse(null)));
    }

    /** Waits until somebody else's change of the map is over; false at the deadline. */
    private boolean waitForChange(MapName map, MapState busy, Instant deadline) {
        while (clock.instant().isBefore(deadline)) {
            if (!signal.await(LOOK)) {
                return false;
            }
            MapState state = current(map);
            if (!Objects.equals(state.intent(), busy.intent())) {
                return true;
            }
        }
        return false;
    }

    /** The VPS serves, and owns the map so that relays know the way. */
    private EntryOutcome home(EntryRequest request, Reason reason) {
        MapName map = request.map();
        if (vps.reserve().isEmpty()) {
            return noVps(reason);
        }
        Move move = placement.home(map, reason.name(), state -> reason != Reason.NO_HOST || !live(state));
        MapState state = move.state();
        if (reason == Reason.NO_HOST && live(state)) {
            // Somebody else found a host in the meantime.
            return direct(map, Reason.HOST_NOT_READY, vps.reserve());
        }
        return onVps(state, reason, request);
    }

    private EntryOutcome onVps(MapState state, Reason reason, EntryRequest request) {
        Optional<Target> target =
                placement.onRegisteredVps(state) ? targets.relay(state, request.region()) : Optional.empty();
        target = target.or(() -> vps.reserve().map(Targets::of));
        return target.<EntryOutcome>map(where -> new EntryOutcome.Answered(
                        new EntryAnswer(Decision.VPS, reason, state.map(), state.epoch(), null, where, null)))
                .orElseGet(() -> noVps(reason));
    }

    private EntryOutcome direct(MapName map, Reason reason, Optional<Vps> server) {
        if (server.isEmpty()) {
            return noVps(reason);
        }
        return new EntryOutcome.Answered(
                new EntryAnswer(Decision.VPS, reason, map, current(map).epoch(), null, Targets.of(server.get()), null));
    }

    private static EntryOutcome noVps(Reason reason) {
        String role = reason == Reason.RESTRICTED || reason == Reason.NOT_ELIGIBLE ? "CORE" : "RESERVE or CORE";
        return new EntryOutcome.NoVps(reason + ": the VPS has to serve this map, but none is registered (expected: one"
                + " with role " + role + ", PUT /api/v1/vps/{id})");
    }

    private MapState current(MapName map) {
        return states.find(map).orElseGet(() -> MapState.unowned(map));
    }

    private void count(EntryAnswer answer) {
        meters.counter(
                        "p2p_assignment_entries_total",
                        "decision",
                        answer.decision().name(),
                        "reason",
                        answer.reason().name())
                .increment();
    }
}
