package io.p2phost.assignment.ownership;

import io.p2phost.assignment.bundle.ReleasedMaps;
import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.selection.PickRequest;
import io.p2phost.assignment.selection.Score;
import io.p2phost.assignment.vps.Vps;
import io.p2phost.assignment.vps.VpsRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Chooses who should serve a map and has it moved there. */
public final class Placement {
    /** Hosts tried for one map before it goes to the VPS. */
    private static final int MAX_HOSTS_TRIED = 4;

    private final OperatorConfig config;
    private final Catalogues catalogues;
    private final HostIndex index;
    private final VpsRegistry vps;
    private final HomeSwitch homeSwitch;
    private final ReleasedMaps released;
    private final Mover mover;

    public Placement(
            OperatorConfig config,
            Catalogues catalogues,
            HostIndex index,
            VpsRegistry vps,
            HomeSwitch homeSwitch,
            ReleasedMaps released,
            Mover mover) {
        this.config = config;
        this.catalogues = catalogues;
        this.index = index;
        this.vps = vps;
        this.homeSwitch = homeSwitch;
        this.released = released;
        this.mover = mover;
    }

    /** The best host for an eligible map, or one as good; null when none passes the gates, or none can run the map. */
    public @Nullable HostId pick(MapEntry entry, @Nullable String region, Set<HostId> excluded) {
        return runnable(entry.map()) ? index.pick(new PickRequest(entry.minTier(), region, excluded)) : null;
    }

    /** Whether a host that is given the map now can start it. One that runs it already goes on. */
    public boolean runnable(MapName map) {
        return released.has(map);
    }

    /** How that host was rated for that map. */
    public Optional<Score> score(HostId host, MapEntry entry, @Nullable String region) {
        return entry.eligible() ? index.score(host, entry.minTier(), region) : Optional.empty();
    }

    /** Whether the registry says that this owner serves no maps now. What is not known is not lost. */
    public boolean lost(@Nullable Owner owner) {
        return owner != null
                && owner.isHost()
                && index.stateOf(HostId.of(owner.id()))
                        .filter(state -> state != HostLifeState.READY && state != HostLifeState.UNHEALTHY)
                        .isPresent();
    }

    /** Whether players host this map at all now: it is eligible, hosting is on, and nothing was called home. */
    public boolean hostable(MapName map) {
        return config.current().config().enabled()
                && !homeSwitch.on()
                && catalogues.find(map).filter(MapEntry::eligible).isPresent();
    }

    /** Gives the map to a host while the row is as expected. */
    public Move toHost(MapName map, HostId host, String cause, Predicate<MapState> expected) {
        return mover.move(
                map,
                state -> expected.test(state) && !state.ownedBy(host)
                        ? Optional.of(new Wanted(Owner.host(host), index.slotsOf(host), cause))
                        : Optional.empty());
    }

    /** Gives the map to the VPS that serves it while no host does, or to nobody when there is none. */
    public Move home(MapName map, String cause, Predicate<MapState> expected) {
        Optional<Owner> home = homeOf(map);
        return mover.move(map, state -> {
            if (!expected.test(state) || java.util.Objects.equals(state.owner(), home.orElse(null))) {
                return Optional.empty();
            }
            return Optional.of(home.map(owner -> Wanted.vps(owner, cause)).orElseGet(() -> Wanted.release(cause)));
        });
    }

    /** Gives the map to that VPS. */
    public Move toVps(MapName map, Owner server, String cause) {
        return mover.move(
                map, state -> server.equals(state.owner()) ? Optional.empty() : Optional.of(Wanted.vps(server, cause)));
    }

    /**
     * Takes the map from a host: to its standby, whose cell runs. Otherwise players who wait go home, where they are at
     * once, and any other host would have to start a cell first; it may have the map from there. Who is served meanwhile
     * goes to the best other host.
     *
     * @param standby tried first if it could be chosen now; null for none
     * @param served the host serves the map's players until they move
     */
    public Move away(MapName map, HostId from, String cause, @Nullable HostId standby, boolean served) {
        Predicate<MapState> expected = state -> state.ownedBy(from);
        Set<HostId> excluded = new HashSet<>(Set.of(from));
        Optional<MapEntry> entry = catalogues.find(map);
        boolean others = served || homeOf(map).isEmpty();
        for (int i = 0; i < MAX_HOSTS_TRIED && entry.isPresent() && hostable(map); i++) {
            HostId next = null;
            if (i == 0 && standby != null && mayTake(standby, from, entry.get())) {
                next = standby;
            } else if (others) {
                next = pick(entry.get(), null, excluded);
            }
            if (next == null) {
                break;
            }
            Move move = toHost(map, next, cause, expected);
            if (!(move instanceof Move.HostRefused)) {
                return move;
            }
            excluded.add(next);
        }
        return home(map, cause, expected);
    }

    private boolean mayTake(HostId standby, HostId from, MapEntry entry) {
        return !standby.equals(from) && index.choosable(standby, entry.minTier());
    }

    /** Gives the map to nobody. */
    public Move release(MapName map, String cause) {
        return mover.move(map, state -> state.owner() == null ? Optional.empty() : Optional.of(Wanted.release(cause)));
    }

    /** Whether the map is owned by a VPS that is registered with that address. */
    public boolean onRegisteredVps(MapState state) {
        Owner owner = state.owner();
        return owner != null
                && !owner.isHost()
                && vps.find(owner.id()).filter(v -> v.asOwner().equals(owner)).isPresent();
    }

    private Optional<Owner> homeOf(MapName map) {
        boolean eligible = catalogues.find(map).filter(MapEntry::eligible).isPresent();
        return (eligible ? vps.reserve() : vps.core()).map(Vps::asOwner);
    }
}
