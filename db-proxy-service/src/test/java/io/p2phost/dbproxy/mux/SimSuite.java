package io.p2phost.dbproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.MuxSettings.Address;
import io.p2phost.dbproxy.mux.MuxSettings.Timing;
import io.p2phost.dbproxy.mux.SaveLimits.Gain;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.Link;
import io.p2phost.ro.sim.Listener;
import io.p2phost.ro.sim.Machine;
import io.p2phost.ro.sim.MapServerSettings;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimCharServer;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.SimWorld;
import io.p2phost.ro.sim.VirtualNetwork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A whole installation in virtual time: a char-server with its two places, core, reserve and hosts behind the real
 * multiplexer, a relay, and clients. All traffic is rAthena's.
 */
final class SimSuite {
    static final Endpoint LOGIN = Endpoint.of("127.0.0.1:6900");
    static final Endpoint CHAR = Endpoint.of("127.0.0.1:6121");
    static final Endpoint VPS_SIDE = Endpoint.of("127.0.0.1:5123");
    static final Endpoint CORE = Endpoint.of("127.0.0.1:5121");
    static final Endpoint FRONT = Endpoint.of("127.0.0.2:7000");
    static final MapName FIELD = MapName.of("prt_fild08");
    static final MapName NEXT = MapName.of("prt_fild07");
    static final MapName LAST = MapName.of("prt_fild05");
    /** Each player has one when he is made, and nobody makes more of them. */
    static final int KEEPSAKE = 1_301;

    private static final String USER = "s1";
    private static final String PASSWORD = "p1";

    final VirtualNetwork net;
    final SimDatabase database = new SimDatabase();
    final SimLoginServer loginServer;
    final List<Outside.Violation> violations = new ArrayList<>();
    /** Whose saves were overtaken. */
    final List<Integer> aside = new ArrayList<>();

    final Map<Outside.Settled, Integer> settled = new EnumMap<>(Outside.Settled.class);
    final SimRelay relay;
    final SimMapServer core;
    SimMapServer reserve;
    SimCharServer charServer;
    Proxy proxy;

    /** What survives a restart of db-proxy. */
    private final Map<Integer, SessionRow> rows = new LinkedHashMap<>();

    private final List<SavedGroup> journal = new ArrayList<>();
    private final Map<Integer, Long> accepted = new LinkedHashMap<>();

    private final Map<MapName, World.Owned> owners = new LinkedHashMap<>();
    private final Map<String, SimRelay> relays = new HashMap<>();
    private final List<SimMapServer> running = new ArrayList<>();
    private final Map<SimMapServer, VirtualNetwork.Host> machines = new HashMap<>();
    private final Map<SimMapServer, Endpoint> addresses = new HashMap<>();
    private final Map<ServerKey, Endpoint> entrances = new HashMap<>();
    private final Map<HostId, Endpoint> charPorts = new HashMap<>();
    private final long seed;
    private final Plant plant;
    private int nextPort = 5_200;

    /** Mistakes that db-proxy could make: the simulation must find each. */
    enum Plant {
        NONE,
        /** A change of owner does not cut off the owner before. */
        NO_FENCE,
        /** Saves reach the char-server long after they were accepted. */
        LATE_FLUSH,
        /** Saves reach the char-server at once, and a second time long after. */
        DOUBLE_DELIVERY,
        /** One save of a character overtakes the next. */
        REORDERED_SAVES,
        /** The answer to a server change is lost. */
        LOST_CHANGE_ANSWER,
        /** Acknowledged before it is on disk: what was journaled last is lost with the process. */
        LATE_JOURNAL,
        /** The journal is replayed from its end. */
        REVERSED_JOURNAL,
        /** What was sent counts as stored, whatever the char-server's database did with it. */
        BELIEVED_SAVES,
        /** Relays say nothing of what players give each other. */
        UNTOLD_GIFTS
    }

    SimSuite(long seed) {
        this(seed, Plant.NONE);
    }

    SimSuite(long seed, Plant plant) {
        this.seed = seed;
        this.plant = plant;
        net = new VirtualNetwork(seed);
        loginServer = new SimLoginServer(net, seed);
        net.add(loginServer);
        net.listen(LOGIN, loginServer);
        startCharServer();
        startProxy();
        relay = relay("relay-1", FRONT);
        core = mapServer(CORE.toString(), VPS_SIDE, List.of("prontera", "prt_fild06"), ServerKey.CORE);
        reserve = startReserve();
        until(
                "the multiplexer and core",
                () -> proxy.mux.isUp() && core.ready() && core.otherServers() > 0 && reserve.ready());
    }

    boolean tellsOfGifts() {
        return plant != Plant.UNTOLD_GIFTS;
    }

    /** Another relay. */
    SimRelay relay(String id, Endpoint front) {
        SimRelay made = new SimRelay(this, id, front);
        relays.put(id, made);
        net.listen(front, made);
        net.add(made);
        return made;
    }

    /** A relay dies with all its connections; who comes to its address then comes to that one. */
    void killRelay(SimRelay dead, SimRelay instead) {
        dead.kill();
        net.unlisten(dead.front);
        net.listen(dead.front, instead);
    }

    // ---- the VPS ----

    void startCharServer() {
        CharServerSettings settings =
                CharServerSettings.stock(USER, PASSWORD, CHAR).withoutFloodLimit();
        charServer = new SimCharServer(settings, database, loginServer, net);
        net.add(charServer);
        net.listen(CHAR, charServer);
    }

    /** As by kill -9. */
    void killCharServer() {
        charServer.stop();
        net.remove(charServer);
        net.unlisten(CHAR);
    }

    void startProxy() {
        proxy = new Proxy();
        net.add(proxy);
        net.listen(VPS_SIDE, proxy.accepting(null));
        charPorts.forEach((host, at) -> net.listen(at, proxy.accepting(host)));
        List<SavedGroup> journaled = plant == Plant.REVERSED_JOURNAL ? journal.reversed() : journal;
        proxy.mux.start(List.copyOf(rows.values()), List.copyOf(journaled));
        owners.forEach((map, owned) -> proxy.mux.ownerChanged(map, owned.epoch(), owned.server()));
    }

    /** As by kill -9: sessions, the journal and owners are stored, nothing else. */
    void killProxy() {
        proxy.dead = true;
        net.remove(proxy);
        net.unlisten(VPS_SIDE);
        charPorts.values().forEach(net::unlisten);
        net.kill(proxy.host);
        if (plant == Plant.LATE_JOURNAL) {
            journal.removeAll(proxy.unwritten);
        }
    }

    SimMapServer startReserve() {
        reserve = mapServer(
                "127.0.0.1:5131", VPS_SIDE, List.of(FIELD.value(), NEXT.value(), LAST.value()), ServerKey.RESERVE);
        return reserve;
    }

    private SimMapServer mapServer(String at, Endpoint charServerAt, List<String> maps, ServerKey key) {
        Endpoint address = Endpoint.of(at);
        // The proxy tells core from reserve by the user it logs in with.
        String user = key instanceof ServerKey.Core ? "core" : key instanceof ServerKey.Reserve ? "reserve" : "cell";
        MapServerSettings settings = MapServerSettings.stock(
                        user, "any", address, charServerAt, maps, seed + address.port())
                .withAutosave(Duration.ofSeconds(10))
                .withoutPreventLogout();
        VirtualNetwork.Host machine = net.host(address.host());
        SimMapServer server = new SimMapServer(settings, SimWorld.small(), net, machine);
        net.add(server);
        net.listen(address, server);
        running.add(server);
        machines.put(server, machine);
        addresses.put(server, address);
        entrances.put(key, address);
        return server;
    }

    // ---- hosts ----

    /** A host that serves one map. */
    record Hosted(ServerKey.Cell key, SimMapServer server) {}

    /** Starts a host's map-server; it owns nothing yet. */
    Hosted host(MapName map, long epoch) {
        int port = nextPort++;
        HostId id = HostId.of(new UUID(seed, port).toString());
        Endpoint charPort = Endpoint.of("127.0.1.1:" + port);
        charPorts.put(id, charPort);
        ServerKey.Cell key = new ServerKey.Cell(id, map, Epoch.of(epoch));
        keys.put(id, key);
        net.listen(charPort, proxy.accepting(id));
        SimMapServer server = mapServer("127.0.1.2:" + port, charPort, List.of(map.value()), key);
        return new Hosted(key, server);
    }

    private final Map<HostId, ServerKey.Cell> keys = new HashMap<>();

    /** A host that owns the map from now on. */
    Hosted owner(MapName map) {
        Hosted hosted =
                host(map, owners.containsKey(map) ? owners.get(map).epoch().value() + 1 : 1);
        until("host of " + map, hosted.server::ready);
        own(map, hosted.key);
        return hosted;
    }

    void own(MapName map, ServerKey server) {
        Epoch epoch = owners.containsKey(map) ? owners.get(map).epoch().next() : Epoch.of(1);
        owners.put(map, new World.Owned(server, epoch));
        if (!proxy.dead) {
            proxy.mux.ownerChanged(map, epoch, server);
        }
    }

    /** As by kill -9. */
    void kill(SimMapServer server) {
        running.remove(server);
        if (plant == Plant.NO_FENCE) {
            // It hangs on and comes back: without a fence it would still be believed.
            return;
        }
        net.remove(server);
        net.unlisten(addresses.get(server));
        net.kill(machines.get(server));
    }

    /** Its agent ends the tunnels; the char link stands. */
    void letGo(SimMapServer server) {
        relays.values().forEach(each -> each.letGo(server::plays));
    }

    /** The host's char link breaks; its map-server tries again by itself. */
    void blip(Hosted hosted) {
        Endpoint at = charPorts.get(hosted.key.host());
        if (!proxy.dead) {
            net.unlisten(at);
            net.listen(at, proxy.accepting(hosted.key.host()));
        }
    }

    /** Who serves the map by the arbiter's word. */
    ServerKey ownerOf(MapName map) {
        World.Owned owned = owners.get(map);
        return owned == null ? ServerKey.RESERVE : owned.server();
    }

    Optional<Endpoint> entrance(ServerKey key) {
        return Optional.ofNullable(entrances.get(key));
    }

    /** Experience in the newest save that was accepted of each character. */
    Map<Integer, Long> accepted() {
        return accepted;
    }

    /** Sessions as they are stored. */
    Map<Integer, SessionRow> rows() {
        return rows;
    }

    /** Processes that run. */
    List<SimMapServer> servers() {
        return List.copyOf(running);
    }

    // ---- players ----

    SimClient client(String name, int group, Point start) {
        int account = loginServer.createAccount(name, "secret", 0, group);
        int character = database.createCharacter(
                account, Character.toUpperCase(name.charAt(0)) + name.substring(1), 0, 0, start);
        database.give(character, KEEPSAKE, 1);
        SimClient client = new SimClient(LOGIN, name, "secret", net, net.host("127.0.0.9"));
        net.add(client);
        return client;
    }

    void play(SimClient client) {
        until("character list", () -> {
            if (!client.playing()) {
                client.play(0);
            }
            return client.playing();
        });
        run(500);
    }

    // ---- time ----

    void run(long millis) {
        net.run(Duration.ofMillis(millis));
    }

    /** Until it holds, at most a virtual minute. */
    void until(String what, BooleanSupplier condition) {
        for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
            run(100);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    /** db-proxy, as far as it is this test's: its network and its store. */
    final class Proxy implements Machine, Outside {
        private static final Duration TICK = Duration.ofMillis(100);
        private static final Duration LATE = Duration.ofSeconds(20);

        final Multiplexer mux;
        private final VirtualNetwork.Host host = net.host("127.0.0.1");
        private final Map<MapName, MapServer> newest = new HashMap<>();
        private final Map<Integer, Packet> overtaken = new HashMap<>();
        private final Map<Integer, byte[]> lastSent = new HashMap<>();
        private final List<Late> late = new ArrayList<>();
        /** Journaled within the last second. */
        private final List<SavedGroup> unwritten = new ArrayList<>();

        private Instant nextTick = net.instant();
        private int ticks;
        boolean dead;

        private record Late(Instant at, io.p2phost.ro.sim.Wire wire, Packet packet) {}

        Proxy() {
            mux = new Multiplexer(
                    new MuxSettings(
                            new Address(FRONT.address(), FRONT.port()),
                            USER,
                            PASSWORD,
                            BuildLayout.shipped(BuildLayout.LINUX_20200401),
                            Timing.USUAL,
                            new SaveLimits(
                                    new Gain(2, 2, 10_000, 10_000, 0),
                                    Map.of(),
                                    List.of(Pattern.compile("SIM_KILLS")))),
                    this,
                    "0123456789abcdef".getBytes(StandardCharsets.US_ASCII),
                    net);
            mux.eligibleMaps(Set.of(FIELD, NEXT, LAST));
        }

        @Override
        public void tick() {
            nextTick = net.instant().plus(TICK);
            mux.tick();
            if (++ticks % 10 == 0) {
                unwritten.clear();
            }
            late.removeIf(each -> {
                boolean due = !each.at.isAfter(net.instant());
                if (due) {
                    each.wire.send(each.packet);
                }
                return due;
            });
        }

        @Override
        public Instant nextDeadline() {
            return nextTick;
        }

        private MapServer unfenced(MapServer server) {
            return server.key() instanceof ServerKey.Cell cell
                    ? Optional.ofNullable(newest.get(cell.map())).orElse(server)
                    : server;
        }

        Listener accepting(@Nullable HostId from) {
            return address -> new ServerLink(from == null ? null : keys.get(from));
        }

        /** A map-server's connection: on the VPS side its user says which it is. */
        private final class ServerLink implements Link {
            private @Nullable ServerKey key;
            private @Nullable MapServer server;
            private io.p2phost.ro.sim.@Nullable Wire wire;

            ServerLink(@Nullable ServerKey key) {
                this.key = key;
            }

            @Override
            public void opened(io.p2phost.ro.sim.Wire opened) {
                wire = opened;
            }

            @Override
            public void packet(Packet packet) {
                if (dead || wire == null) {
                    return;
                }
                if (server == null) {
                    if (key == null) {
                        key = packet.text(2, 24).equals("core") ? ServerKey.CORE : ServerKey.RESERVE;
                    }
                    server = mux.serverOpened(key, false, adapt(wire, this::closed));
                    if (key instanceof ServerKey.Cell cell) {
                        newest.put(cell.map(), server);
                    }
                }
                mux.fromServer(plant == Plant.NO_FENCE ? unfenced(server) : server, packet);
            }

            @Override
            public void closed() {
                if (!dead && server != null) {
                    mux.serverClosed(server);
                }
            }
        }

        @Override
        public void dial(Slot slot) {
            host.dial(CHAR, new Link() {
                @Override
                public void opened(io.p2phost.ro.sim.Wire wire) {
                    if (!dead) {
                        mux.upstreamOpened(slot, adapt(wire, this::closed));
                    }
                }

                @Override
                public void packet(Packet packet) {
                    if (!dead) {
                        mux.fromUpstream(slot, plant == Plant.BELIEVED_SAVES ? believed(packet) : packet);
                    }
                }

                @Override
                public void closed() {
                    if (!dead) {
                        mux.upstreamClosed(slot);
                    }
                }
            });
        }

        /** A connection that this side closes ends for it too, as a socket's does. */
        private Wire adapt(io.p2phost.ro.sim.Wire wire, Runnable closed) {
            return new Wire() {
                private boolean ended;

                @Override
                public void send(Packet packet) {
                    if (!ended) {
                        planted(wire, packet);
                    }
                }

                @Override
                public boolean isFlowing() {
                    return true;
                }

                @Override
                public void close(String reason) {
                    if (!ended) {
                        ended = true;
                        wire.close();
                        closed.run();
                    }
                }
            };
        }

        private Packet believed(Packet packet) {
            if (packet.id() == CharToMap.AUTH_OK && new AuthOk(packet).loginId1() == 0) {
                byte[] record = lastSent.get(new AuthOk(packet).accountId());
                return record == null
                        ? packet
                        : AuthOk.of(new AuthOk(packet).accountId(), record).packet();
            }
            return packet.id() == CharToMap.ITEMS_SAVED ? packet.copy().u8(6, 1) : packet;
        }

        private void planted(io.p2phost.ro.sim.Wire wire, Packet packet) {
            boolean save = packet.id() == MapToChar.SAVE_CHARACTER;
            if (save) {
                lastSent.put(packet.i32(4), packet.slice(13, packet.length() - 13));
            }
            if (plant == Plant.DOUBLE_DELIVERY && save) {
                wire.send(packet.copy());
            }
            if ((plant == Plant.LATE_FLUSH || plant == Plant.DOUBLE_DELIVERY) && save) {
                late.add(new Late(net.instant().plus(LATE), wire, packet));
            } else if (plant == Plant.REORDERED_SAVES && save) {
                Packet before = overtaken.remove(packet.i32(8));
                if (before == null) {
                    overtaken.put(packet.i32(8), packet);
                } else {
                    wire.send(packet);
                    wire.send(before);
                }
            } else if (plant != Plant.LOST_CHANGE_ANSWER || packet.id() != CharToMap.SERVER_CHANGE_ANSWER) {
                wire.send(packet);
            }
        }

        @Override
        public void keep(SessionRow row, Runnable done) {
            rows.put(row.account(), row);
            done.run();
        }

        @Override
        public void forget(int account, long number) {
            rows.computeIfPresent(account, (any, row) -> row.number() > number ? row : null);
        }

        @Override
        public void journal(SavedGroup group, Runnable written) {
            journal.add(group);
            unwritten.add(group);
            Packet last = group.packets().getLast();
            if (last.id() == MapToChar.SAVE_CHARACTER) {
                accepted.merge(group.character(), MuxUnderTest.statusOf(last).baseExp(), Math::max);
            }
            written.run();
        }

        @Override
        public void together(Runnable action) {
            action.run();
        }

        @Override
        public void settled(Settled outcome, Duration took) {
            settled.merge(outcome, 1, Integer::sum);
        }

        @Override
        public void setAside(int character) {
            aside.add(character);
            applied(character);
        }

        @Override
        public void applied(int character) {
            journal.removeIf(group -> group.character() == character);
        }

        @Override
        public void decide(MapName map, int account, @Nullable String asked) {
            // Nobody chooses hosts here but the test.
        }

        private SimRelay at(String id) {
            return Objects.requireNonNull(relays.get(id));
        }

        @Override
        public void rehome(Rehome rehome) {
            if (!at(rehome.relay()).rehome(rehome)) {
                mux.relayUntold(rehome.account(), rehome.number());
            }
        }

        @Override
        public void release(String to, int account, long number) {
            at(to).release(account);
        }

        @Override
        public void kick(String to, int account, long number) {
            at(to).kick(account);
        }

        @Override
        public void violated(Violation violation) {
            violations.add(violation);
        }

        @Override
        public void saved(SaveSeen seen) {
            // Judged elsewhere.
        }
    }
}
