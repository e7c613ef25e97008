package io.p2phost.dbproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.engine.SimGate;
import io.p2phost.dbproxy.mux.MuxSettings.Address;
import io.p2phost.dbproxy.mux.MuxSettings.Timing;
import io.p2phost.dbproxy.mux.SaveLimits.Gain;
import io.p2phost.dbproxy.sessions.JournalEntry;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionWriter;
import io.p2phost.dbproxy.sessions.SimPostgres;
import io.p2phost.dbproxy.sessions.SimWriter;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveAck;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.SaveItems;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
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

    /** Of which each player has one when he is made. */
    static final List<Integer> GIVEN = List.of(1_201, 2_301, KEEPSAKE);

    /** Money that each player has when he is made. */
    static final int PURSE = 1_000;

    /** After which a player who is not in game begins anew. */
    private static final Duration IMPATIENCE = Duration.ofSeconds(3);

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
    final SimPostgres postgres;

    final SimBooks books = new SimBooks();
    /** Characters of whom a start of db-proxy found an older save than the char-server has, as {@link #stale}. */
    final Set<Integer> overtaken = new HashSet<>();

    /** Whose last save a map-server was told is safe when it was not. */
    final Set<Integer> acknowledgedUnsafe = new HashSet<>();

    /** Accounts whose session was not stored as it was when db-proxy died, because PostgreSQL was in trouble. */
    final Set<Integer> stale = new HashSet<>();

    private final Map<MapName, World.Owned> owners = new LinkedHashMap<>();
    private final Map<String, SimRelay> relays = new HashMap<>();
    private final List<SimMapServer> running = new ArrayList<>();
    private final Map<SimMapServer, VirtualNetwork.Host> machines = new HashMap<>();
    private final Map<SimMapServer, Endpoint> addresses = new HashMap<>();
    private final Map<ServerKey, Endpoint> entrances = new HashMap<>();
    private final Map<HostId, Endpoint> charPorts = new HashMap<>();
    private final long seed;
    private final Plant plant;
    private final int gain;
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
        UNTOLD_GIFTS,
        /** PostgreSQL acknowledges before it is on its disk: with the machine, what was written last is lost. */
        ACK_BEFORE_FSYNC,
        /** What a start found in the journal is replayed a second time, long after. */
        DOUBLE_REPLAY,
        /** Of a group the journal has only the record. */
        GROUP_SPLIT,
        /** Of what players gave each other only one of them is saved. */
        ONE_SIDE
    }

    SimSuite(long seed) {
        this(seed, Plant.NONE, 0);
    }

    /** @param gain how much money a player may gain from one save to the next on a host */
    SimSuite(long seed, Plant plant, int gain) {
        this.seed = seed;
        this.gain = gain;
        this.plant = plant;
        net = new VirtualNetwork(seed);
        postgres = new SimPostgres(net, seed);
        if (plant == Plant.ACK_BEFORE_FSYNC) {
            postgres.acknowledgesEarly();
        }
        net.add(postgres);
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
        // An instance that waited for it would begin when clients have given up.
        postgres.recover();
        if (proxy != null) {
            succeed(proxy.kept);
        }
        proxy = new Proxy();
        net.add(proxy);
        net.listen(VPS_SIDE, proxy.accepting(null));
        charPorts.forEach((host, at) -> net.listen(at, proxy.accepting(host)));
        SessionStore.TakenOver before = proxy.writer.start();
        List<SavedGroup> journal =
                before.journal().stream().map(JournalEntry::group).toList();
        if (plant == Plant.DOUBLE_REPLAY) {
            journal.forEach(group -> proxy.again.addAll(group.packets()));
        }
        before.sessions().forEach(row -> proxy.kept.put(row.account(), row));
        proxy.mux.start(before.sessions(), plant == Plant.REVERSED_JOURNAL ? journal.reversed() : journal);
        owners.forEach((map, owned) -> proxy.mux.ownerChanged(map, owned.epoch(), owned.server()));
    }

    /** As by kill -9: sessions, the journal and owners are stored, nothing else. */
    void killProxy() {
        proxy.dead = true;
        proxy.writer.kill();
        postgres.disconnected();
        if (plant == Plant.ACK_BEFORE_FSYNC) {
            postgres.crash();
        }
        net.remove(proxy);
        net.unlisten(VPS_SIDE);
        charPorts.values().forEach(net::unlisten);
        net.kill(proxy.host);
    }

    /** What the next instance finds is compared with what the last one had. */
    private void succeed(Map<Integer, @Nullable SessionRow> kept) {
        books.proxyDied(postgres);
        if (postgres.isTroubled()) {
            overtaken.addAll(books.overtaken(postgres));
            kept.forEach((account, row) -> {
                if (!Objects.equals(postgres.rows().get(account), row)) {
                    stale.add(account);
                }
            });
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

    /** Sessions as they are stored. */
    Map<Integer, SessionRow> rows() {
        return postgres.rows();
    }

    /** How many of them came into the world since. */
    long made(int item) {
        return machines.keySet().stream().mapToLong(server -> server.made(item)).sum();
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
        play(client, () -> {});
    }

    /** @param meanwhile again and again until he plays */
    void play(SimClient client, Runnable meanwhile) {
        Instant[] next = {net.instant()};
        until("character list", () -> {
            meanwhile.run();
            if (!client.playing() && !net.instant().isBefore(next[0])) {
                client.play(0);
                next[0] = net.instant().plus(IMPATIENCE);
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
        private static final Duration MUCH_LATER = Duration.ofSeconds(45);
        private static final SessionWriter.Settings WRITING =
                new SessionWriter.Settings(Duration.ofMillis(500), 20_000, 1 << 20);

        final Multiplexer mux;
        private final VirtualNetwork.Host host = net.host("127.0.0.1");
        private final Map<MapName, MapServer> newest = new HashMap<>();
        private final Map<Integer, Packet> overtaken = new HashMap<>();
        private final Map<Integer, byte[]> lastSent = new HashMap<>();
        private final List<Late> late = new ArrayList<>();
        /** What is still to be given to the writer. */
        private final List<Runnable> unwritten = new ArrayList<>();

        /** What should be stored; null: nothing. */
        private final Map<Integer, @Nullable SessionRow> kept = new HashMap<>();

        /** Whose newest accepted save is whose. */
        private final Map<Integer, ServerKey> writers = new HashMap<>();

        /** To be replayed a second time. */
        private final List<Packet> again = new ArrayList<>();

        private final Set<Integer> otherSides = new HashSet<>();
        private int oneSide;
        private boolean together;

        private final SimGate gate = new SimGate();
        private final Deque<Runnable> loop = new ArrayDeque<>();
        private final Deque<Runnable> atTurnsEnd = new ArrayDeque<>();
        final SimWriter writer = new SimWriter(postgres, loop::add, WRITING, net, this::onItsWay);

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
                                    new Gain(2, 2, 10_000, 10_000, gain),
                                    Map.of(),
                                    List.of(Pattern.compile("SIM_KILLS")))),
                    this,
                    "0123456789abcdef".getBytes(StandardCharsets.US_ASCII),
                    net);
            mux.eligibleMaps(Set.of(FIELD, NEXT, LAST));
        }

        @Override
        public void tick() {
            Instant now = net.instant();
            endTurn();
            while (!loop.isEmpty()) {
                turn(loop.remove());
            }
            if (!now.isBefore(nextTick)) {
                nextTick = now.plus(TICK);
                turn(() -> {
                    mux.tick();
                    writer.writer().tick();
                });
                if (++ticks % 10 == 0) {
                    unwritten.forEach(Runnable::run);
                    unwritten.clear();
                }
                late.removeIf(each -> {
                    boolean due = !each.at.isAfter(now);
                    if (due) {
                        each.wire.send(each.packet);
                    }
                    return due;
                });
            }
            writer.work();
            if (writer.isOver()) {
                // As its engine would: another instance begins from what is there.
                killProxy();
                startProxy();
            }
        }

        @Override
        public Instant nextDeadline() {
            if (!loop.isEmpty() || !atTurnsEnd.isEmpty() || writer.isOver()) {
                return Instant.MIN;
            }
            Instant write = writer.nextDeadline();
            return write == null || write.isAfter(nextTick) ? nextTick : write;
        }

        /** What is sent meanwhile leaves at its end. */
        private void turn(Runnable what) {
            if (!dead) {
                what.run();
                endTurn();
            }
        }

        private void endTurn() {
            while (!atTurnsEnd.isEmpty()) {
                atTurnsEnd.remove().run();
            }
            otherSides.clear();
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
                    server = mux.serverOpened(
                            key, false, adapt(wire, key, this::closed, !(key instanceof ServerKey.Core)));
                    if (key instanceof ServerKey.Cell cell) {
                        newest.put(cell.map(), server);
                    }
                }
                MapServer from = server;
                if (key instanceof ServerKey.Core && packet.id() == MapToChar.SAVE_CHARACTER) {
                    books.ofCore(packet.i32(8));
                }
                turn(() -> mux.fromServer(plant == Plant.NO_FENCE ? unfenced(from) : from, packet));
            }

            @Override
            public void closed() {
                MapServer gone = server;
                if (gone != null) {
                    turn(() -> mux.serverClosed(gone));
                }
            }
        }

        @Override
        public void dial(Slot slot) {
            host.dial(CHAR, new Link() {
                @Override
                public void opened(io.p2phost.ro.sim.Wire wire) {
                    if (slot == Slot.MULTIPLEXER) {
                        again.forEach(packet -> late.add(new Late(net.instant().plus(MUCH_LATER), wire, packet)));
                        again.clear();
                    }
                    turn(() -> mux.upstreamOpened(slot, adapt(wire, null, this::closed, slot == Slot.MULTIPLEXER)));
                }

                @Override
                public void packet(Packet packet) {
                    turn(() -> mux.fromUpstream(slot, plant == Plant.BELIEVED_SAVES ? believed(packet) : packet));
                }

                @Override
                public void closed() {
                    turn(() -> mux.upstreamClosed(slot));
                }
            });
        }

        /**
         * As the engine's peer: what is sent leaves at the turn's end, behind the journal if it is gated. A connection that
         * this side closes ends for it too, as a socket's does.
         */
        private Wire adapt(io.p2phost.ro.sim.Wire wire, @Nullable ServerKey to, Runnable closed, boolean gated) {
            return new Wire() {
                private final List<Packet> unsent = new ArrayList<>();
                private boolean ended;

                @Override
                public void send(Packet packet) {
                    if (!ended) {
                        if (unsent.isEmpty()) {
                            atTurnsEnd.add(this::flush);
                        }
                        unsent.add(packet);
                    }
                }

                private void flush() {
                    if (!unsent.isEmpty()) {
                        List<Packet> all = unsent.stream()
                                .filter(packet -> !isOfOtherSide(packet))
                                .toList();
                        unsent.clear();
                        pass(() -> all.forEach(packet -> {
                            acknowledged(to, packet);
                            planted(wire, packet);
                        }));
                    }
                }

                private void pass(Runnable output) {
                    if (gated) {
                        gate.pass(output);
                    } else {
                        output.run();
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
                        flush();
                        pass(wire::close);
                        closed.run();
                    }
                }
            };
        }

        /** A server that saves whom it has no more is told so as well. */
        private void acknowledged(@Nullable ServerKey to, Packet packet) {
            if (to != null && packet.id() == CharToMap.SAVE_ACK) {
                SaveAck ack = new SaveAck(packet);
                if (to.equals(writers.get(ack.charId()))
                        && !books.isSafe(ack.charId(), postgres)
                        && !stale.contains(ack.accountId())) {
                    acknowledgedUnsafe.add(ack.charId());
                }
            }
        }

        private boolean isOfOtherSide(Packet packet) {
            return switch (packet.id()) {
                case MapToChar.SAVE_CHARACTER -> otherSides.contains(new SaveCharacter(packet).charId());
                case MapToChar.SAVE_ITEMS -> otherSides.contains(new SaveItems(packet).charId());
                default -> false;
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

        private SessionStore.Batch onItsWay(SessionStore.Batch batch) {
            return plant == Plant.GROUP_SPLIT
                    ? new SessionStore.Batch(
                            batch.forgotten(),
                            batch.kept(),
                            batch.appended().stream()
                                    .map(entry -> new JournalEntry(entry.sequence(), SimBooks.recordOf(entry.group())))
                                    .toList(),
                            batch.applied(),
                            batch.aside())
                    : batch;
        }

        @Override
        public void keep(SessionRow row, Runnable done) {
            kept.put(row.account(), row);
            writer.writer().keep(row, done);
        }

        @Override
        public void forget(int account, long number) {
            SessionRow row = kept.get(account);
            if (row == null || row.number() <= number) {
                kept.put(account, null);
            }
            writer.writer().forget(account, number);
        }

        @Override
        public void journal(SavedGroup group, Runnable written) {
            books.accepted(group);
            if (plant == Plant.LATE_JOURNAL) {
                unwritten.add(() -> writer.writer().append(group, () -> {}, () -> {}));
                loop.add(() -> {
                    books.written(group);
                    written.run();
                });
                return;
            }
            if (plant == Plant.ONE_SIDE && together) {
                if (oneSide != 0 && oneSide != group.character()) {
                    otherSides.add(group.character());
                    loop.add(() -> {
                        books.written(group);
                        written.run();
                    });
                    return;
                }
                oneSide = group.character();
            }
            long number = gate.journal();
            writer.writer().append(group, () -> gate.free(number), () -> {
                books.written(group);
                written.run();
            });
        }

        @Override
        public void together(Runnable action) {
            together = true;
            oneSide = 0;
            writer.writer().together(action);
            together = false;
        }

        @Override
        public void settled(Settled outcome, Duration took) {
            settled.merge(outcome, 1, Integer::sum);
        }

        @Override
        public void setAside(int character) {
            aside.add(character);
            writer.writer().setAside(character);
        }

        @Override
        public void applied(int character) {
            books.applied(character);
            writer.writer().applied(character);
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
            at(to).release(account, number);
        }

        @Override
        public void kick(String to, int account, long number) {
            at(to).kick(account, number);
        }

        @Override
        public void violated(Violation violation) {
            violations.add(violation);
        }

        @Override
        public void found(Found item) {
            // Nothing is rare here.
        }

        @Override
        public void saved(SaveSeen seen) {
            writers.put(seen.character(), seen.server());
        }
    }
}
