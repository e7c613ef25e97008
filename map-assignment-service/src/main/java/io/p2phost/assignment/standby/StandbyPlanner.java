package io.p2phost.assignment.standby;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.config.EffectiveConfig;
import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one standby for each map on a host. Every look compares the rows with the world as it is, so it does not matter
 * who made the last change, nor whether he got to the end of it: any instance may look at any time.
 */
public final class StandbyPlanner {
    /** Hosts that did not stand by for a map although they were asked; beyond it the oldest is forgiven. */
    static final int MAX_UNFIT = 10_000;

    private static final Logger log = LoggerFactory.getLogger(StandbyPlanner.class);
    private static final int PAGE = 200;

    private final Parts parts;
    private final StandbyChoice choice;
    private final InstantSource clock;
    private final Times times;
    private final MeterRegistry meters;
    private final Map<Unfit, Instant> unfit = new LinkedHashMap<>();
    /** Since when each standby is known to be asked for without being linked. */
    private final Map<StandbyLinks.Link, Instant> unlinked = new HashMap<>();

    private Instant toldAt = Instant.EPOCH;
    private volatile int rows;
    private volatile int connected;

    /**
     * How patient it is.
     *
     * @param patience how long a standby may be asked for without being linked before another host is tried
     * @param unfitFor how long a host is not asked again for a map that it did not stand by for
     * @param repeat how often every standby is asked for anew; hosts keep one for a minute
     */
    public record Times(Duration patience, Duration unfitFor, Duration repeat) {}

    /** What it looks at and changes. */
    public record Parts(
            MapStates states,
            Standbys standbys,
            Placement placement,
            Catalogues catalogues,
            OperatorConfig config,
            HostIndex index,
            HostNetworks networks,
            Connected connected,
            StandbyOrders orders) {}

    private record Unfit(HostId host, MapName map) {}

    public StandbyPlanner(Parts parts, InstantSource clock, Times times, MeterRegistry meters) {
        this.parts = parts;
        this.choice = new StandbyChoice(parts.index(), parts.networks());
        this.clock = clock;
        this.times = times;
        this.meters = meters;
        meters.gauge("p2p_assignment_standbys", this, planner -> planner.rows);
        meters.gauge("p2p_assignment_standbys_connected", this, planner -> planner.connected);
    }

    /** One look at every map; says what changed, and everything now and then. */
    public synchronized void look() {
        parts.connected().refresh();
        Instant now = clock.instant();
        unfit.values().removeIf(until -> until.isBefore(now));
        Look look = new Look(now);
        @Nullable MapName after = null;
        List<MapState> page;
        do {
            page = parts.states().page(after, PAGE);
            page.forEach(look::at);
            after = page.isEmpty() ? null : page.getLast().map();
        } while (page.size() == PAGE);
        look.leftOver();
        unlinked.keySet()
                .retainAll(look.kept.values().stream().map(StandbyPlanner::link).toList());
        tell(look);
    }

    private static StandbyLinks.Link link(Standby row) {
        return new StandbyLinks.Link(row.host(), row.map());
    }

    private void tell(Look look) {
        List<Standby> kept = List.copyOf(look.kept.values());
        rows = kept.size();
        connected = Math.toIntExact(kept.stream().filter(parts.connected()::is).count());
        boolean all = !look.now.isBefore(toldAt.plus(times.repeat()));
        List<Standby> told = all ? kept : look.fresh;
        if (!told.isEmpty()) {
            parts.orders().tell(told);
        }
        if (all) {
            toldAt = look.now;
        }
    }

    /** One look. */
    private final class Look {
        private final Instant now;
        private final EffectiveConfig config = parts.config().current().config();
        private final StandbyChoice.Limits limits = new StandbyChoice.Limits(
                config.maxMapsPerHost(), config.loadLimits().memoryPercent());
        private final Map<MapName, Standby> before = new HashMap<>();
        private final Map<HostId, Integer> counts = new HashMap<>();
        private final Map<MapName, Standby> kept = new LinkedHashMap<>();
        private final List<Standby> fresh = new ArrayList<>();

        Look(Instant now) {
            this.now = now;
            for (Standby standby : parts.standbys().all()) {
                before.put(standby.map(), standby);
                counts.merge(standby.host(), 1, Integer::sum);
            }
        }

        void at(MapState state) {
            @Nullable Standby row = before.remove(state.map());
            if (row != null && state.hostOwned() && parts.placement().lost(state.owner())) {
                // It is about to be needed: whoever moves the map asks for it.
                kept.put(row.map(), row);
                return;
            }
            boolean wanted = config.replication() > 1
                    && state.hostOwned()
                    && !parts.placement().lost(state.owner())
                    && parts.placement().hostable(state.map())
                    && (row != null || parts.placement().runnable(state.map()));
            Optional<MapEntry> entry = wanted ? parts.catalogues().find(state.map()) : Optional.empty();
            if (entry.isEmpty()) {
                drop(row, "not_wanted");
                return;
            }
            HostId owner = HostId.of(Objects.requireNonNull(state.owner()).id());
            @Nullable String fault = row == null ? "none" : fault(row, owner);
            @Nullable
            HostId host = fault == null
                            && choice.apart(owner, Objects.requireNonNull(row).host())
                    ? row.host()
                    : better(state, entry.get(), owner, row, fault);
            if (host == null) {
                drop(row, fault == null ? "none" : fault);
            } else if (row == null || !host.equals(row.host())) {
                take(row, new Standby(state.map(), state.epoch(), host, now), fault == null ? "apart" : fault);
            } else if (!row.epoch().equals(state.epoch())) {
                take(row, row.at(state.epoch()), "epoch");
            } else {
                kept.put(row.map(), row);
            }
        }

        /** Another host; the one there is when it has no fault and the other is no further from the owner. */
        private @Nullable HostId better(
                MapState state, MapEntry entry, HostId owner, @Nullable Standby row, @Nullable String fault) {
            Set<HostId> excluded = new HashSet<>(Set.of(owner));
            if (row != null) {
                excluded.add(row.host());
            }
            unfit.keySet().stream().filter(u -> u.map().equals(state.map())).forEach(u -> excluded.add(u.host()));
            @Nullable HostId found = choice.choose(entry.minTier(), owner, excluded, counts, limits);
            if (fault == null && row != null) {
                return found != null && choice.apart(owner, found) ? found : row.host();
            }
            return found;
        }

        /** Why the row's host cannot go on standing by; null when it can. */
        private @Nullable String fault(Standby row, HostId owner) {
            if (row.host().equals(owner)) {
                return "became_owner";
            }
            HostLifeState life = parts.index().stateOf(row.host()).orElse(HostLifeState.OFFLINE);
            if (life != HostLifeState.READY && life != HostLifeState.UNHEALTHY) {
                return "host_gone";
            }
            if (parts.connected().check(row.host(), row.map()).orElse(true)) {
                unlinked.remove(link(row));
                return null;
            }
            Instant since = unlinked.computeIfAbsent(link(row), unknown -> now);
            if (since.plus(times.patience()).isBefore(now)) {
                notFit(row);
                return "not_connected";
            }
            return null;
        }

        private void notFit(Standby row) {
            if (unfit.size() >= MAX_UNFIT) {
                unfit.remove(unfit.keySet().iterator().next());
            }
            unfit.put(new Unfit(row.host(), row.map()), now.plus(times.unfitFor()));
        }

        private void take(@Nullable Standby row, Standby next, String why) {
            if (parts.standbys().replace(row, next)) {
                if (row == null || !row.host().equals(next.host())) {
                    unlinked.put(link(next), now);
                    log.info("{}: {} stands by ({})", next.map(), next.host(), why);
                    counted(row, -1);
                    counted(next, 1);
                }
                count(why);
                fresh.add(next);
                kept.put(next.map(), next);
            }
        }

        private void drop(@Nullable Standby row, String why) {
            if (row != null && parts.standbys().remove(row)) {
                log.info("{}: {} stands by no more ({})", row.map(), row.host(), why);
                counted(row, -1);
                count(why);
            }
        }

        private void counted(@Nullable Standby row, int change) {
            if (row != null) {
                counts.merge(row.host(), change, Integer::sum);
            }
        }

        /** Rows of maps that nobody knows. */
        void leftOver() {
            before.values().forEach(row -> drop(row, "not_wanted"));
        }
    }

    private void count(String why) {
        meters.counter("p2p_assignment_standby_changes_total", "why", why).increment();
    }
}
