package io.p2phost.assignment;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.config.FirstFiles;
import io.p2phost.assignment.config.InMemoryConfigVersions;
import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.config.Transactions;
import io.p2phost.assignment.failover.FailoverRows;
import io.p2phost.assignment.failover.Failovers;
import io.p2phost.assignment.failover.InMemoryFailoverRows;
import io.p2phost.assignment.failover.LossJudge;
import io.p2phost.assignment.failover.LossReport;
import io.p2phost.assignment.failover.Observers;
import io.p2phost.assignment.failover.Repair;
import io.p2phost.assignment.ownership.ActiveMaps;
import io.p2phost.assignment.ownership.Arbiter;
import io.p2phost.assignment.ownership.Handovers;
import io.p2phost.assignment.ownership.HomeSwitch;
import io.p2phost.assignment.ownership.InMemoryMapStates;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Mover;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.ownership.ReadySignal;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.selection.SelectionRules;
import io.p2phost.assignment.standby.Connected;
import io.p2phost.assignment.standby.InMemoryStandbys;
import io.p2phost.assignment.standby.Standby;
import io.p2phost.assignment.standby.StandbyLinks;
import io.p2phost.assignment.standby.StandbyPlanner;
import io.p2phost.assignment.standby.Standbys;
import io.p2phost.assignment.vps.InMemoryVpsServers;
import io.p2phost.assignment.vps.Vps;
import io.p2phost.assignment.vps.VpsRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.VpsStatusChanged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * From a report to db-proxy's change of owner and the next standby, without network: instances of the service on shared
 * stores, a db-proxy and observers that do what a test says, a clock that a test moves.
 */
public final class World {
    public static final Owner RESERVE = Owner.vps("reserve", "127.0.0.1:5131");

    public final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
    public final DbProxy dbProxy = new DbProxy();

    /** Who hears a host: relays' ids, or db-proxy's. */
    public final Map<HostId, Set<String>> heard = new ConcurrentHashMap<>();

    /** What the observers were asked, with whom they were not. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    /** Whose players were to go on through which relays. */
    public final List<String> carried = new CopyOnWriteArrayList<>();

    /** Whether some relay can take them. */
    public volatile boolean carrying = true;

    /** What happens while the observers answer. */
    public volatile Runnable onAsked = () -> {};

    /** Standbys that are linked to db-proxy; null when it does not answer. */
    public volatile @Nullable Set<StandbyLinks.Link> links = ConcurrentHashMap.newKeySet();

    /** What relays were told, the last time last. */
    public final List<List<Standby>> told = new CopyOnWriteArrayList<>();

    /** Maps that players are on at the VPS, as db-proxy says. */
    public volatile Set<MapName> played = Set.of();

    /** Maps that the released bundle has not got. */
    public final Set<MapName> notInBundle = ConcurrentHashMap.newKeySet();

    public final Map<HostId, String> networks = new ConcurrentHashMap<>();
    private final Map<HostId, HostStateChanged> hosts = new HashMap<>();
    private final List<Instance> instances = new ArrayList<>();
    private long versions;

    /** What instances share. */
    public record Stores(
            MapStates states, FailoverRows failovers, Standbys standbys, Arbiter arbiter, Observers observers) {}

    /** Stores in memory. */
    public Stores inMemory() {
        return new Stores(
                new InMemoryMapStates(), new InMemoryFailoverRows(), new InMemoryStandbys(), dbProxy, this::hears);
    }

    /** These stores, and the db-proxy and observers of this world. */
    public Stores with(MapStates states, FailoverRows failovers, Standbys standbys) {
        return new Stores(states, failovers, standbys, dbProxy, this::hears);
    }

    private Observers.Heard hears(HostId host, Set<String> except) {
        asked.add(host + " but " + except);
        Set<String> who = new java.util.HashSet<>(heard.getOrDefault(host, Set.of()));
        who.removeAll(except);
        onAsked.run();
        boolean byDbProxy = who.remove("db-proxy");
        return new Observers.Heard(who, byDbProxy);
    }

    private boolean carries(HostId host, String from, Set<String> others) {
        carried.add(host + " from " + from + " to " + others);
        return carrying;
    }

    public HostId host(long account, String network) {
        return host(account, network, 5);
    }

    /** A strong machine; every instance knows it. */
    public HostId host(long account, String network, int maxMaps) {
        return host(account, network, maxMaps, 50);
    }

    /** A machine that has nothing to do, better than any other. */
    public HostId idleHost(long account, String network) {
        return host(account, network, 50, 1);
    }

    private HostId host(long account, String network, int maxMaps, double load) {
        HostId id = HostId.random();
        networks.put(id, network);
        put(new HostStateChanged(
                id,
                account,
                "host",
                "eu",
                HostLifeState.READY,
                3,
                5.0,
                16,
                64,
                2_000,
                maxMaps,
                load,
                load,
                load,
                20.0,
                0.0,
                now.get().minusSeconds(600),
                null));
        return id;
    }

    public void state(HostId host, HostLifeState state) {
        HostStateChanged h = Objects.requireNonNull(hosts.get(host));
        put(new HostStateChanged(
                host,
                h.accountId(),
                h.name(),
                h.region(),
                state,
                h.tier(),
                h.cpuGhz(),
                h.cpuCores(),
                h.ramGb(),
                h.networkMbps(),
                h.maxMaps(),
                h.cpuPercent(),
                h.memoryPercent(),
                h.networkPercent(),
                h.latencyMs(),
                h.packetLossPercent(),
                h.readySince(),
                "test"));
    }

    private void put(HostStateChanged host) {
        hosts.put(host.hostId(), host);
        versions++;
        instances.forEach(instance -> instance.index.put(host, versions));
    }

    public void pass(Duration time) {
        now.set(now.get().plus(time));
    }

    public Instance instance(Stores stores) {
        Instance instance = new Instance(stores);
        hosts.values().forEach(host -> instance.index.put(host, versions));
        instances.add(instance);
        return instance;
    }

    /** An instance of the service. */
    public final class Instance {
        public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        public final OperatorConfig config = new OperatorConfig(
                new InMemoryConfigVersions(), (actor, action, subject, outcome, detail) -> {}, Transactions.NONE);
        public final HostIndex index;
        public final Stores stores;
        public final Placement placement;
        public final StandbyPlanner planner;
        public final Failovers failovers;
        public final Repair repair;

        private Instance(Stores stores) {
            this.stores = stores;
            config.start(FirstFiles.packaged());
            Catalogues catalogues = new Catalogues(() -> null, entries -> {});
            config.onChange(catalogues::apply);
            index = new HostIndex(SelectionRules.of(config.current().config()), now::get, bound -> 0);
            InMemoryVpsServers servers = new InMemoryVpsServers();
            VpsRegistry vps = new VpsRegistry(
                    servers, (v, registered, version) -> {}, (actor, action, subject, outcome, detail) -> {});
            vps.put(new Vps("reserve", "127.0.0.1", 5131, VpsStatusChanged.Role.RESERVE, now.get()), "test");
            ActiveMaps activeMaps = new ActiveMaps(index);
            Mover mover = new Mover(
                    stores.states(),
                    stores.arbiter(),
                    activeMaps,
                    new Handovers(index),
                    now::get,
                    Duration.ofSeconds(4),
                    () -> Duration.ofSeconds(10),
                    meters);
            placement = new Placement(
                    config, catalogues, index, vps, new NeverHome(), map -> !notInBundle.contains(map), mover);
            Connected connected = new Connected(() -> Optional.ofNullable(links).map(Set::copyOf), now::get);
            planner = new StandbyPlanner(
                    new StandbyPlanner.Parts(
                            stores.states(),
                            stores.standbys(),
                            placement,
                            catalogues,
                            config,
                            index,
                            host -> Optional.ofNullable(networks.get(host)),
                            connected,
                            told::add),
                    now::get,
                    new StandbyPlanner.Times(Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(15)),
                    meters);
            ReadySignal signal = new ReadySignal();
            failovers = new Failovers(
                    new Failovers.Parts(
                            stores.failovers(),
                            stores.states(),
                            placement,
                            index,
                            stores.standbys(),
                            connected,
                            stores.observers(),
                            World.this::carries,
                            signal),
                    new LossJudge.Rules(50, 5, Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofMillis(100)),
                    now::get,
                    Duration.ofSeconds(20),
                    meters);
            repair = new Repair(
                    new Repair.Parts(
                            stores.states(),
                            stores.arbiter(),
                            mover,
                            placement,
                            failovers,
                            catalogues,
                            config,
                            index,
                            activeMaps,
                            () -> played,
                            signal),
                    now::get,
                    () -> now.get().toEpochMilli() * 1_000_000,
                    new Repair.Times(
                            Duration.ofSeconds(4),
                            Duration.ofSeconds(60),
                            Duration.ofMinutes(10),
                            Duration.ofSeconds(1)));
        }

        /** Gives a map to a host, which is ready at once. */
        public void give(String map, HostId host) {
            MapState state =
                    placement.toHost(MapName.of(map), host, "TEST", row -> true).state();
            stores.states().readiness(state.map(), state.epoch(), true);
        }

        public void report(HostId host, String reporter, LossReport.Cause cause) {
            failovers.report(new LossReport(host, reporter, cause, now.get()));
        }

        public void sweep() {
            repair.unsettled();
            failovers.sweep(Duration.ofMillis(500), 50);
        }

        public @Nullable HostId standbyOf(String map) {
            return stores.standbys().find(MapName.of(map)).map(Standby::host).orElse(null);
        }

        /** Every standby that is planned now is linked. */
        public void link() {
            Set<StandbyLinks.Link> linked = Objects.requireNonNull(links);
            stores.standbys().all().forEach(s -> linked.add(new StandbyLinks.Link(s.host(), s.map())));
            planner.look();
        }
    }

    private static final class NeverHome implements HomeSwitch {
        @Override
        public boolean on() {
            return false;
        }

        @Override
        public void set(boolean on, String actor) {
            throw new UnsupportedOperationException("not here");
        }
    }

    /** The true rule: a change from the epoch in effect is made, any other is answered with what is. */
    public static final class DbProxy implements Arbiter {
        private final Map<MapName, InEffect> rows = new HashMap<>();

        /** Every change in effect: map, epoch, cause, planned or not. */
        public final List<String> changes = new CopyOnWriteArrayList<>();

        public synchronized Owner owner(String map) {
            return Objects.requireNonNull(rows.get(MapName.of(map)).owner());
        }

        public synchronized long epoch(String map) {
            return rows.get(MapName.of(map)).epoch().value();
        }

        @Override
        public synchronized Answer compareAndSet(
                MapName map, Epoch fromEpoch, @Nullable Owner owner, String cause, boolean planned) {
            InEffect row = rows.getOrDefault(map, new InEffect(map, Epoch.NONE, null));
            if (!row.epoch().equals(fromEpoch)) {
                return new Answer.Stale(row.epoch(), row.owner());
            }
            InEffect next = new InEffect(map, fromEpoch.next(), owner);
            rows.put(map, next);
            changes.add(map + " " + next.epoch() + " " + cause + (planned ? " planned" : ""));
            return new Answer.Changed(next.epoch(), owner, List.of());
        }

        @Override
        public synchronized List<InEffect> owners() {
            return List.copyOf(rows.values());
        }

        @Override
        public boolean reachable() {
            return true;
        }
    }
}
