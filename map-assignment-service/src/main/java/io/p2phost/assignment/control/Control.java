package io.p2phost.assignment.control;

import io.p2phost.assignment.audit.AuditTrail;
import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.ownership.HomeSwitch;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Move;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.vps.VpsRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An operator's hand: everything home, everything anew, or one map to a place of his choice. */
public final class Control {
    private static final int PAGE = 200;

    private final MapStates states;
    private final Placement placement;
    private final Catalogues catalogues;
    private final HostIndex index;
    private final HomeSwitch homeSwitch;
    private final VpsRegistry vps;
    private final AuditTrail audit;
    private final InstantSource clock;
    private final Duration migrateHold;

    public Control(
            MapStates states,
            Placement placement,
            Catalogues catalogues,
            HostIndex index,
            HomeSwitch homeSwitch,
            VpsRegistry vps,
            AuditTrail audit,
            InstantSource clock,
            Duration migrateHold) {
        this.states = states;
        this.placement = placement;
        this.catalogues = catalogues;
        this.index = index;
        this.homeSwitch = homeSwitch;
        this.vps = vps;
        this.audit = audit;
        this.clock = clock;
        this.migrateHold = migrateHold;
    }

    /** What came of moving many maps. */
    public record Swept(List<MapName> moved, List<MapName> notMoved) {}

    /** What came of moving one. */
    public sealed interface Migration {
        /** It is where it should be. */
        record Done(MapState state) implements Migration {}

        /** There is no such map. */
        record UnknownMap() implements Migration {}

        /** Players may not host it. */
        record NotEligible(String reason) implements Migration {}

        /** No such place, or none that passes the gates. */
        record NoTarget(String detail) implements Migration {}

        /** The place cannot take it now. */
        record Refused(String reason) implements Migration {}

        /** Somebody else is moving it at this moment. */
        record Busy() implements Migration {}

        /** db-proxy does not answer. */
        record Undecided() implements Migration {}
    }

    /** Calls every hosted map home and keeps them there until {@link #resetNetwork}. */
    public Swept emergencyFailover(String actor) {
        homeSwitch.set(true, actor);
        Swept swept = sweep(
                MapState::hostOwned,
                map -> placement.home(map, "EMERGENCY_FAILOVER", MapState::hostOwned),
                s -> !s.hostOwned());
        audit(actor, "control.emergency-failover", swept);
        return swept;
    }

    /** Clears every assignment and all that is held against hosts; players' entries assign maps anew. */
    public Swept resetNetwork(String actor) {
        Swept swept = sweep(
                state -> state.owner() != null,
                map -> placement.release(map, "RESET_NETWORK"),
                state -> state.owner() == null);
        forEach(state -> {
            if (state.heldUntil() != null) {
                states.hold(state.map(), null);
            }
        });
        index.forgive();
        homeSwitch.set(false, actor);
        audit(actor, "control.reset-network", swept);
        return swept;
    }

    private Swept sweep(
            Function<MapState, Boolean> concerned, Function<MapName, Move> mover, Function<MapState, Boolean> fine) {
        List<MapName> moved = new ArrayList<>();
        List<MapName> notMoved = new ArrayList<>();
        forEach(state -> {
            if (concerned.apply(state)) {
                boolean done = fine.apply(mover.apply(state.map()).state());
                (done ? moved : notMoved).add(state.map());
            }
        });
        return new Swept(moved, notMoved);
    }

    /**
     * Moves one map.
     *
     * @param kind HOST or VPS; null for the best other host, else the VPS
     * @param id which one; null for the best of its kind
     */
    public Migration migrate(MapName map, Owner.@Nullable Kind kind, @Nullable String id, String actor) {
        Optional<MapEntry> entry = catalogues.find(map);
        if (entry.isEmpty()) {
            return new Migration.UnknownMap();
        }
        if (!entry.get().eligible()) {
            return new Migration.NotEligible(entry.get().reason());
        }
        Migration result = migrate(entry.get(), kind, id);
        audit.record(
                actor,
                "map.migrate",
                "map:" + map,
                result instanceof Migration.Done ? "ok" : result.getClass().getSimpleName(),
                Map.of("to", (kind == null ? "best" : kind.name()) + (id == null ? "" : ":" + id)));
        return result;
    }

    private Migration migrate(MapEntry entry, Owner.@Nullable Kind kind, @Nullable String id) {
        MapName map = entry.map();
        if (kind == Owner.Kind.VPS) {
            return toVps(map, id);
        }
        HostId host;
        if (id != null) {
            host = HostId.of(id);
        } else {
            Owner owner = states.find(map).map(MapState::owner).orElse(null);
            Set<HostId> excluded = owner != null && owner.isHost() ? Set.of(HostId.of(owner.id())) : Set.of();
            host = placement.pick(entry, null, excluded);
        }
        if (host == null) {
            return kind == null
                    ? toVps(map, null)
                    : new Migration.NoTarget(
                            "no other host passes the gates, see GET /api/v1/maps/" + map + "/explain");
        }
        HostId target = host;
        states.hold(map, null);
        return result(placement.toHost(map, target, "MIGRATE", state -> true), state -> state.ownedBy(target));
    }

    private Migration toVps(MapName map, @Nullable String id) {
        if (id != null && vps.find(id).isEmpty()) {
            return new Migration.NoTarget("vps: " + id + " (expected: a registered one)");
        }
        if (id == null && vps.reserve().isEmpty()) {
            return new Migration.NoTarget("no VPS is registered");
        }
        Move move = id == null
                ? placement.home(map, "MIGRATE", state -> true)
                : placement.toVps(map, vps.find(id).orElseThrow().asOwner(), "MIGRATE");
        states.hold(map, clock.instant().plus(migrateHold));
        return result(move, state -> !state.hostOwned());
    }

    private static Migration result(Move move, Function<MapState, Boolean> fine) {
        return switch (move) {
            case Move.Busy busy -> new Migration.Busy();
            case Move.Undecided undecided -> new Migration.Undecided();
            case Move.HostRefused refused -> new Migration.Refused(refused.reason());
            default ->
                fine.apply(move.state())
                        ? new Migration.Done(move.state())
                        : new Migration.Refused(
                                "the map went to " + move.state().owner() + " at the same moment");
        };
    }

    private void forEach(java.util.function.Consumer<MapState> look) {
        @Nullable MapName after = null;
        List<MapState> page;
        do {
            page = states.page(after, PAGE);
            page.forEach(look);
            after = page.isEmpty() ? null : page.getLast().map();
        } while (page.size() == PAGE);
    }

    private void audit(String actor, String action, Swept swept) {
        audit.record(
                actor,
                action,
                "maps",
                swept.notMoved().isEmpty() ? "ok" : "incomplete",
                Map.of(
                        "moved", Integer.toString(swept.moved().size()),
                        "notMoved", Objects.toString(swept.notMoved().size())));
    }
}
