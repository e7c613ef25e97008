package io.p2phost.agent.serving;

import io.p2phost.agent.Backoff;
import io.p2phost.agent.Time;
import io.p2phost.agent.gateway.Messages.DesiredAssignment;
import io.p2phost.agent.gateway.Messages.ServedMap;
import io.p2phost.agent.home.HeldAssignments;
import io.p2phost.agent.serving.MapStatus.Phase;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which maps this host carries, at which epoch. Assignments come over the tunnels (fast) and in heartbeat answers (which
 * repair what was missed); a higher epoch replaces a lower one, and a fenced epoch never comes back. For other maps it
 * stands by: its map-server is connected, unannounced, and goes on as the map's own when this host becomes the owner.
 * Thread-safe.
 */
public final class Serving {
    /** Fences shown in the status; older ones are in the log. */
    static final int FENCES_SHOWN = 20;

    /** More than any operator gives one host; protects memory against a server gone mad. */
    static final int MAX_HELD = 256;

    /** The registry takes no longer list in a heartbeat. */
    static final int MAX_REPORTED = 64;

    /** How long a standby is kept that nobody asks for any more. */
    static final Duration STANDBY_LEASE = Duration.ofSeconds(60);

    private static final Logger log = LoggerFactory.getLogger(Serving.class);

    private final Map<MapName, LocalServer> servers = new TreeMap<>();
    private final HeldAssignments store;
    private final CharLinks charLinks;
    private final Tunnels tunnels;
    private final Probe probe;
    private final Admission admission;
    private final Supplier<Backoff> backoffs;
    private final Time time;
    private final Cells cells;
    private final OptionalInt maxMaps;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<MapName, Held> held = new TreeMap<>();
    private final Map<MapName, Epoch> lowestAccepted = new HashMap<>();
    private final Deque<Fence> fences = new ArrayDeque<>();
    private boolean running;

    /** Read on event loops, which must not wait for the lock. */
    private volatile Map<MapName, Target> targets = Map.of();

    /** A ready map: where its players go, and at which epoch. */
    private record Target(Epoch epoch, LocalServer server) {}

    /**
     * Everything but the maps themselves.
     *
     * @param cells the map-servers that the agent runs itself; of no map that is named to {@link Serving}
     * @param maxMaps maps of its own at a time that the player allows; further ones are refused
     */
    public record Ports(
            HeldAssignments store,
            CharLinks charLinks,
            Tunnels tunnels,
            Probe probe,
            Admission admission,
            Supplier<Backoff> backoffs,
            Time time,
            Cells cells,
            OptionalInt maxMaps) {
        /** For map-servers that run without the agent's doing. */
        public Ports(
                HeldAssignments store,
                CharLinks charLinks,
                Tunnels tunnels,
                Probe probe,
                Admission admission,
                Supplier<Backoff> backoffs,
                Time time) {
            this(store, charLinks, tunnels, probe, admission, backoffs, time, Cells.NONE, OptionalInt.empty());
        }
    }

    private static final class Held {
        private Epoch epoch;
        private ClaimRole role;
        /** For a standby: when it was last asked for. */
        private long assignedAtNanos;

        private @Nullable Carrier carrier;
        private Phase phase = Phase.HELD;
        private String detail = "";
        private int absences;
        /** Whether somebody is looking at the map-server just now. */
        private boolean looking;

        Held(Epoch epoch, ClaimRole role, long assignedAtNanos) {
            this.epoch = epoch;
            this.role = role;
            this.assignedAtNanos = assignedAtNanos;
        }

        boolean standby() {
            return role == ClaimRole.STANDBY;
        }

        /** The standby's host owns the map from now on. */
        void promote(Epoch ownedFrom, long nowNanos) {
            epoch = ownedFrom;
            role = ClaimRole.PRIMARY;
            assignedAtNanos = nowNanos;
        }
    }

    /** Starts with what was held before the restart; nothing is served until {@link #resume()}. */
    public Serving(Collection<LocalServer> servers, Ports ports) {
        servers.forEach(server -> this.servers.put(server.map(), server));
        this.store = ports.store();
        this.charLinks = ports.charLinks();
        this.tunnels = ports.tunnels();
        this.probe = ports.probe();
        this.admission = ports.admission();
        this.backoffs = ports.backoffs();
        this.time = ports.time();
        this.cells = ports.cells();
        this.maxMaps = ports.maxMaps();
        store.read().entrySet().stream()
                .limit(MAX_HELD)
                .forEach(
                        entry -> held.put(entry.getKey(), new Held(entry.getValue(), ClaimRole.PRIMARY, time.nanos())));
    }

    /** Begins, or begins again after {@link #suspend(String)}: every held map is offered with the epoch it has. */
    public void resume() {
        locked(() -> {
            if (running) {
                return;
            }
            running = true;
            tunnels.resume();
            held.forEach(this::startCarrier);
        });
    }

    /** Stops serving at once but keeps the assignments, to be offered again. */
    public void suspend(String reason) {
        locked(() -> {
            if (!running) {
                return;
            }
            running = false;
            log.warn("stopped serving: {}", reason);
            held.forEach((map, entry) -> stopCarrier(map, entry, Phase.HELD, reason, true));
            tunnels.suspend();
        });
    }

    /** Whether maps are being carried, as opposed to before the first session and while suspended. */
    public boolean running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** A relay or a heartbeat's answer gives this host a map. Repeats are answered with the present readiness. */
    public void assign(MapName map, Epoch epoch) {
        locked(() -> {
            if (epoch.isBefore(lowestAccepted.getOrDefault(map, Epoch.NONE))) {
                return;
            }
            Held present = held.get(map);
            if (present != null && present.standby() && !epoch.isBefore(present.epoch)) {
                promote(map, present, epoch);
                return;
            }
            if (present != null && epoch.compareTo(present.epoch) <= 0) {
                if (!present.standby() && epoch.equals(present.epoch)) {
                    present.absences = 0;
                    tellReadiness(map, present);
                }
                return;
            }
            if (present == null && held.size() >= MAX_HELD) {
                log.warn("assigned {} epoch {}: refused, {} maps are held already", map, epoch, MAX_HELD);
                tunnels.ready(map, epoch, false, "too many maps");
                return;
            }
            if (present == null && maxMaps.isPresent() && owned() >= maxMaps.getAsInt()) {
                log.warn("assigned {} epoch {}: refused, max_maps is {}", map, epoch, maxMaps.getAsInt());
                tunnels.ready(map, epoch, false, "this player's max_maps " + maxMaps.getAsInt() + " is reached");
                return;
            }
            if (present != null) {
                stopCarrier(map, present, Phase.HELD, "", true);
            }
            log.info("assigned: {} epoch {}", map, epoch);
            Held fresh = new Held(epoch, ClaimRole.PRIMARY, time.nanos());
            held.put(map, fresh);
            persist();
            if (running) {
                startCarrier(map, fresh);
            }
        });
    }

    /**
     * A relay asks this host to stand by for the owner of that epoch. It goes on asking while it is wanted; a host
     * without a map-server for that map does not answer.
     */
    public void standBy(MapName map, Epoch epoch) {
        locked(() -> {
            Held present = held.get(map);
            if (present == null && (servers.containsKey(map) || cells.runs(map)) && held.size() < MAX_HELD) {
                log.info("standing by: {} epoch {}", map, epoch);
                Held fresh = new Held(epoch, ClaimRole.STANDBY, time.nanos());
                held.put(map, fresh);
                if (running) {
                    startCarrier(map, fresh);
                }
            } else if (present != null && present.standby()) {
                present.assignedAtNanos = time.nanos();
                present.epoch = epoch.compareTo(present.epoch) > 0 ? epoch : present.epoch;
            }
        });
    }

    /** Lets standbys go that nobody asks for any more. To be called every few seconds. */
    public void expireStandbys() {
        locked(() -> {
            for (Map.Entry<MapName, Held> entry : List.copyOf(held.entrySet())) {
                Held present = entry.getValue();
                if (present.standby() && time.nanos() - present.assignedAtNanos > STANDBY_LEASE.toNanos()) {
                    log.info("no longer standing by: {}", entry.getKey());
                    drop(entry.getKey(), present, false);
                }
            }
        });
    }

    /** This host owns the map that it stood by for; a map-server that is logged in serves at once. */
    private void promote(MapName map, Held entry, Epoch epoch) {
        log.info("assigned: {} epoch {}, was standing by ({})", map, epoch, entry.phase);
        Carrier carrier = entry.carrier;
        entry.promote(epoch, time.nanos());
        persist();
        if (carrier != null && carrier.promote(epoch)) {
            if (entry.phase == Phase.STANDBY) {
                entry.phase = Phase.READY;
                publishTargets();
                tellReadiness(map, entry);
            }
        } else if (running) {
            stopCarrier(map, entry, Phase.HELD, "", true);
            startCarrier(map, entry);
        }
    }

    /** Relay or db-proxy says that the epoch is over. Later or unrelated epochs are not touched. */
    public void fenced(MapName map, Epoch epoch, Epoch currentEpoch) {
        locked(() -> {
            Epoch lowest = currentEpoch.compareTo(epoch) > 0 ? currentEpoch : epoch.next();
            lowestAccepted.merge(map, lowest, (a, b) -> a.compareTo(b) >= 0 ? a : b);
            Held present = held.get(map);
            if (present == null || present.epoch.compareTo(epoch) > 0) {
                return;
            }
            log.warn("fenced: {} epoch {} (current {})", map, present.epoch, currentEpoch);
            String why = present.phase == Phase.NOT_READY ? present.detail : "";
            fences.addLast(new Fence(map, present.epoch, currentEpoch, time.instant(), why));
            if (fences.size() > FENCES_SHOWN) {
                fences.removeFirst();
            }
            drop(map, present, true);
        });
    }

    /** A relay names the epoch in effect: what is held below it is over. */
    public void fencedBelow(MapName map, Epoch currentEpoch) {
        locked(() -> {
            Held present = held.get(map);
            if (present != null && !present.standby() && present.epoch.isBefore(currentEpoch)) {
                fenced(map, present.epoch, currentEpoch);
            }
        });
    }

    /**
     * Compares with what the server wants, as of a heartbeat sent at {@code sentAtNanos}. A missing map is dropped only
     * when a second answer misses it too: the registry hears of assignments later than the relay's ASSIGN arrives here.
     */
    public void reconcile(List<DesiredAssignment> desired, long sentAtNanos) {
        locked(() -> {
            Set<MapName> wanted = new HashSet<>();
            for (DesiredAssignment assignment : desired) {
                if (assignment.primary()) {
                    wanted.add(assignment.map());
                    assign(assignment.map(), assignment.epoch());
                }
            }
            for (Map.Entry<MapName, Held> entry : List.copyOf(held.entrySet())) {
                Held present = entry.getValue();
                if (wanted.contains(entry.getKey())) {
                    present.absences = 0;
                } else if (!present.standby() && present.assignedAtNanos - sentAtNanos < 0 && ++present.absences >= 2) {
                    log.info("no longer wanted: {} epoch {}", entry.getKey(), present.epoch);
                    drop(entry.getKey(), present, false);
                }
            }
        });
    }

    /** A tunnel is up: its relay learns what is ready here. */
    public void tunnelUp() {
        locked(() -> held.forEach(this::tellReadiness));
    }

    /** Where the map's players go, if the map is ready at that epoch. Never waits. */
    public Optional<LocalServer> target(MapName map, Epoch epoch) {
        Target target = targets.get(map);
        return target != null && target.epoch().equals(epoch) ? Optional.of(target.server()) : Optional.empty();
    }

    /**
     * A player's stream found nobody at the map-server's address: look whether anybody does. The others play on unless
     * nobody does: one that is busy letting many in may have kept a single one waiting for too long.
     */
    public void targetLost(MapName map, Epoch epoch) {
        locked(() -> {
            Held present = held.get(map);
            if (present != null && serves(present, epoch) && !present.looking) {
                Carrier carrier = present.carrier;
                if (carrier != null) {
                    present.looking = true;
                    Thread.ofVirtual().name("look-at-" + map).start(() -> look(map, present, carrier));
                }
            }
        });
    }

    private boolean serves(Held present, Epoch epoch) {
        return running && present.epoch.equals(epoch) && present.phase == Phase.READY;
    }

    private void look(MapName map, Held looked, Carrier carrier) {
        boolean dead = carrier.serverIsDead();
        locked(() -> {
            looked.looking = false;
            if (dead && looked.carrier == carrier && serves(looked, looked.epoch)) {
                stopCarrier(map, looked, Phase.NOT_READY, "the map-server stopped answering", true);
                tellReadiness(map, looked);
                startCarrier(map, looked);
            }
        });
    }

    /** What a heartbeat reports: the maps that are ready. */
    public List<ServedMap> served() {
        lock.lock();
        try {
            List<ServedMap> maps = new ArrayList<>();
            held.forEach((map, entry) -> {
                if (entry.phase == Phase.READY && maps.size() < MAX_REPORTED) {
                    maps.add(new ServedMap(map, entry.epoch, tunnels.streams(map)));
                }
            });
            return maps;
        } finally {
            lock.unlock();
        }
    }

    public List<MapStatus> status() {
        lock.lock();
        try {
            return held.entrySet().stream()
                    .map(entry -> new MapStatus(
                            entry.getKey(),
                            entry.getValue().epoch,
                            entry.getValue().phase,
                            entry.getValue().detail,
                            tunnels.streams(entry.getKey())))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** The latest fences, oldest first. */
    public List<Fence> fences() {
        lock.lock();
        try {
            return List.copyOf(fences);
        } finally {
            lock.unlock();
        }
    }

    private void startCarrier(MapName map, Held entry) {
        LocalServer server = servers.get(map);
        if (server == null && !cells.runs(map)) {
            entry.phase = Phase.NOT_READY;
            entry.detail = cells.why(map);
            tellReadiness(map, entry);
            return;
        }
        entry.phase = Phase.STARTING;
        entry.detail = "";
        Carrier carrier = new Carrier(
                map,
                entry.epoch,
                entry.role,
                server,
                server == null ? cells : Cells.NONE,
                probe,
                admission,
                charLinks,
                backoffs.get(),
                new CarrierEvents(map, entry));
        entry.carrier = carrier;
        carrier.start();
    }

    /** @param atOnce whether the agent's own map-server is killed: what it still says counts no more */
    private void stopCarrier(MapName map, Held entry, Phase phase, String detail, boolean atOnce) {
        if (entry.carrier != null) {
            entry.carrier.stop(atOnce);
            entry.carrier = null;
        }
        entry.phase = phase;
        entry.detail = detail;
        publishTargets();
        tunnels.dropStreams(map);
    }

    private void publishTargets() {
        Map<MapName, Target> ready = new HashMap<>();
        held.forEach((map, entry) -> {
            LocalServer server = entry.carrier == null ? null : entry.carrier.server();
            if (entry.phase == Phase.READY && server != null) {
                ready.put(map, new Target(entry.epoch, server));
            }
        });
        targets = Map.copyOf(ready);
    }

    private long owned() {
        return held.values().stream().filter(entry -> !entry.standby()).count();
    }

    private void drop(MapName map, Held entry, boolean atOnce) {
        stopCarrier(map, entry, Phase.HELD, "", atOnce);
        held.remove(map);
        persist();
    }

    private void tellReadiness(MapName map, Held entry) {
        if (entry.standby()) {
            // Not a claim: db-proxy knows its link, and nobody sends it players.
            return;
        }
        switch (entry.phase) {
            case READY -> tunnels.ready(map, entry.epoch, true, "");
            case NOT_READY -> tunnels.ready(map, entry.epoch, false, entry.detail);
            case HELD, STARTING, STANDBY -> {
                // Not known yet; said as soon as it is.
            }
        }
    }

    private void persist() {
        Map<MapName, Epoch> epochs = new TreeMap<>();
        held.forEach((map, entry) -> {
            if (!entry.standby()) {
                epochs.put(map, entry.epoch);
            }
        });
        store.write(epochs);
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private final class CarrierEvents implements Carrier.Listener {
        private final MapName map;
        private final Held entry;

        CarrierEvents(MapName map, Held entry) {
            this.map = map;
            this.entry = entry;
        }

        @Override
        public void phase(Carrier carrier, Phase phase, String detail) {
            locked(() -> {
                if (entry.carrier != carrier) {
                    return;
                }
                Phase now = phase == Phase.READY && entry.standby() ? Phase.STANDBY : phase;
                if (now != entry.phase || !detail.equals(entry.detail)) {
                    log.info("{} epoch {}: {} {}", map, entry.epoch, now, detail);
                }
                entry.phase = now;
                entry.detail = detail;
                publishTargets();
                tellReadiness(map, entry);
            });
        }

        @Override
        public void fenced(Carrier carrier, Epoch currentEpoch) {
            locked(() -> {
                if (entry.carrier == carrier) {
                    Serving.this.fenced(map, entry.epoch, currentEpoch);
                }
            });
        }
    }
}
