package io.p2phost.assignment.entry;

import io.p2phost.assignment.catalogue.CatalogueEvents;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.ownership.HomeSwitch;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Move;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.ownership.ReadySignal;
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
import org.jspecify.annotations.Nullable;

/**
 * Chooses who serves a map that a player enters or stands on, and has it moved there: never hosted or not now, the VPS;
 * a live owner, that owner; else the best host is given the map.
 */
public final class Chooser {
    /** Looks at the row at least this often while waiting: a change may be made by another instance. */
    static final Duration LOOK = Duration.ofMillis(40);

    /** Rounds of choosing before the VPS serves: each ends in an owner, or rules a host out. */
    private static final int MAX_ROUNDS = 8;

    private final OperatorConfig config;
    private final CatalogueEvents catalogueEvents;
    private final Placement placement;
    private final MapStates states;
    private final HomeSwitch homeSwitch;
    private final VpsRegistry vps;
    private final ReadySignal signal;
    private final InstantSource clock;

    /** Who serves. */
    sealed interface Chosen {
        /** The row as it stands. */
        MapState state();

        /** A host has the map, and is ready or may still become so. */
        record Hosted(MapState state) implements Chosen {}

        /** Somebody else's change of the map was not over in time. */
        record Changing(MapState state) implements Chosen {}

        /** The VPS serves the map while no host does. */
        record Home(MapState state, Reason reason) implements Chosen {}

        /** No host may ever have the map. */
        record Never(MapState state, Reason reason) implements Chosen {}
    }

    public Chooser(
            OperatorConfig config,
            CatalogueEvents catalogueEvents,
            Placement placement,
            MapStates states,
            HomeSwitch homeSwitch,
            VpsRegistry vps,
            ReadySignal signal,
            InstantSource clock) {
        this.config = config;
        this.catalogueEvents = catalogueEvents;
        this.placement = placement;
        this.states = states;
        this.homeSwitch = homeSwitch;
        this.vps = vps;
        this.signal = signal;
        this.clock = clock;
    }

    /**
     * Chooses, and notes that a player is there.
     *
     * @param region where he is; null when nobody knows
     * @param deadline until when somebody else's change of the map is waited for
     */
    Chosen choose(MapEntry entry, @Nullable String region, Instant deadline) {
        return switch (entry.eligibility()) {
            case RESTRICTED -> new Chosen.Never(current(entry.map()), Reason.RESTRICTED);
            case NOT_ELIGIBLE -> new Chosen.Never(current(entry.map()), Reason.NOT_ELIGIBLE);
            case ELIGIBLE -> eligible(entry, region, deadline);
        };
    }

    private Chosen eligible(MapEntry entry, @Nullable String region, Instant deadline) {
        MapName map = entry.map();
        Optional<MapState> known = states.find(map);
        if (known.isEmpty()) {
            catalogueEvents.publish(List.of(entry));
        } else {
            states.entered(map, clock.instant());
        }
        if (!config.current().config().enabled()) {
            return home(map, Reason.P2P_DISABLED);
        }
        if (homeSwitch.on()) {
            return home(map, Reason.CALLED_HOME);
        }
        if (known.isPresent() && known.get().heldAt(clock.instant())) {
            return new Chosen.Home(known.get(), Reason.HELD);
        }
        Chosen chosen = host(entry, region, deadline);
        if (known.isEmpty()) {
            states.entered(map, clock.instant());
        }
        return chosen;
    }

    private Chosen host(MapEntry entry, @Nullable String region, Instant deadline) {
        MapName map = entry.map();
        Set<HostId> excluded = new HashSet<>();
        Predicate<MapState> vacant = state -> !live(state);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            MapState state = current(map);
            if (live(state)) {
                return new Chosen.Hosted(state);
            }
            if (state.hostOwned()) {
                excluded.add(HostId.of(Objects.requireNonNull(state.owner()).id()));
            }
            HostId host = placement.pick(entry, region, excluded);
            if (host == null) {
                return because(
                        placement.runnable(map) ? Reason.NO_HOST : Reason.NOT_IN_BUNDLE, home(map, Reason.NO_HOST));
            }
            switch (placement.toHost(map, host, "ENTRY", vacant)) {
                case Move.HostRefused refused -> excluded.add(host);
                case Move.Undecided undecided -> {
                    return new Chosen.Home(undecided.state(), Reason.ARBITER_UNAVAILABLE);
                }
                case Move.Busy busy -> {
                    if (!waitForChange(map, busy.state(), deadline)) {
                        return new Chosen.Changing(busy.state());
                    }
                }
                case Move.Done done -> {
                    return new Chosen.Hosted(done.state());
                }
                case Move.Adopted adopted -> {}
                case Move.Declined declined -> {}
            }
        }
        return home(map, Reason.NO_HOST);
    }

    /** Whether the map has a host that serves it or may still become ready. */
    boolean live(MapState state) {
        return state.hostOwned() && !state.failed() && !placement.lost(state.owner());
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
    private Chosen home(MapName map, Reason reason) {
        if (vps.reserve().isEmpty()) {
            return new Chosen.Home(current(map), reason);
        }
        Move move = placement.home(map, reason.name(), state -> reason != Reason.NO_HOST || !live(state));
        MapState state = move.state();
        // Somebody else may have found a host in the meantime.
        return reason == Reason.NO_HOST && live(state) ? new Chosen.Hosted(state) : new Chosen.Home(state, reason);
    }

    private static Chosen because(Reason reason, Chosen chosen) {
        return chosen instanceof Chosen.Home home ? new Chosen.Home(home.state(), reason) : chosen;
    }

    MapState current(MapName map) {
        return states.find(map).orElseGet(() -> MapState.unowned(map));
    }
}
