package io.p2phost.dbproxy.suite;

import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.MapCatalogueEntry;
import io.p2phost.contracts.event.Topics;
import io.p2phost.dbproxy.suite.TestRelay.Form;
import io.p2phost.links.charlink.CellDoor;
import io.p2phost.links.charlink.CharLinkClient;
import io.p2phost.links.charlink.CharLinkClientListener;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.Line;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.SuiteStandIn;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.MapServerSettings;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimCharServerTcp;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimClientTcp;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.SimMapServerTcp;
import io.p2phost.ro.sim.SimWorld;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A whole installation over sockets: a char-server with its two places, core and reserve, hosts with certificates and
 * char links, a relay, and db-proxy as a process with real PostgreSQL and a Kafka of its own, as a process too. Registry
 * and assignment stand in.
 */
final class TcpSuite implements AutoCloseable {
    static final String FIELD = "prt_fild08";
    static final String NEXT = "prt_fild07";
    static final String LAST = "prt_fild05";
    /** Beside none of the others. */
    static final String REMOTE = "prt_fild01";

    private static final List<String> ELIGIBLE = List.of(FIELD, NEXT, LAST, REMOTE);
    private static final String USER = "s1";
    private static final String PASSWORD = "p1";
    private static final int PLACES = 2;
    /** Longer than a client's longest walk in one go takes. */
    private static final Duration LEG = Duration.ofSeconds(4);
    /** Where the instances of a pair listen, at the same ports. */
    private static final List<String> INSTANCES = List.of("127.0.0.2", "127.0.0.3");

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration AUTOSAVE = Duration.ofSeconds(10);
    /** With it a Poring stands at 195,92 of a host's map when it starts. */
    private static final int SEED = 17;

    private static final int LOWEST_PORT = 20_000;
    private static final int PORTS = 12_000;

    TestRelay relay;
    KafkaProcess kafka;
    DbProxyProcess dbProxy;
    /** Only in a pair. */
    DbProxyProcess standby;

    SimMapServerTcp core;
    SimMapServerTcp reserve;

    final AssignmentStandIn assignment;
    /** Whether char links of hosts to come can be broken off. */
    boolean breakable;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final SimDatabase database = new SimDatabase();
    private final SimLoginServer loginServer = new SimLoginServer(Clock.systemUTC(), 1);
    private final Random random = new Random();
    private final Endpoint loginAt = freePort();
    private final Endpoint charAt = freePort();
    private final Endpoint linksAt = freePort();
    private final Endpoint vpsAt = freePort();
    private final Endpoint metricsAt = freePort();
    private final Map<String, String> databaseSettings;
    private final TestTokens tokens;
    private final SuiteStandIn standIn;
    private final LinkTransport transport;
    private final Map<String, InetSocketAddress> tunnels = new ConcurrentHashMap<>();
    private @Nullable SimCharServerTcp charServer;

    private TcpSuite(Map<String, String> databaseSettings) {
        this.databaseSettings = databaseSettings;
        tokens = opened(new TestTokens());
        standIn = opened(new SuiteStandIn(ServiceName.DB_PROXY));
        assignment = opened(new AssignmentStandIn(freePort()));
        transport = opened(LinkTransport.start("hosts", 2));
    }

    /**
     * Starts it.
     *
     * @param folder for what Kafka keeps
     */
    static TcpSuite start(Path folder) throws Exception {
        return start(folder, TestService.databaseSettings(ServiceName.DB_PROXY), false);
    }

    /** The same with a db-proxy that stands by. */
    static TcpSuite startPair(Path folder) throws Exception {
        return startPair(folder, TestService.databaseSettings(ServiceName.DB_PROXY));
    }

    /** The same on a database of the test's own. */
    static TcpSuite startPair(Path folder, Map<String, String> databaseSettings) throws Exception {
        return start(folder, databaseSettings, true);
    }

    private static TcpSuite start(Path folder, Map<String, String> databaseSettings, boolean pair) throws Exception {
        TcpSuite suite = new TcpSuite(databaseSettings);
        try {
            suite.begin(folder, pair);
            return suite;
        } catch (Throwable e) {
            suite.close();
            throw e;
        }
    }

    private void begin(Path folder, boolean pair) throws IOException, InterruptedException {
        startCharServer();
        kafka = opened(new KafkaProcess(
                folder,
                new KafkaProcess.Endpoints(freePort().toString(), freePort().toString())));
        kafka.start();
        Endpoint http = freePort();
        Endpoint front = freePort();
        announce(true, ELIGIBLE);
        if (pair) {
            startPair(http, front);
        } else {
            dbProxy = opened(new DbProxyProcess(tokens, settings(http, front), null));
            dbProxy.start();
        }
        relay = opened(TestRelay.start(new TestRelay.Settings(
                "relay-1",
                socketAddress(front),
                dbProxy.api(),
                () -> tokens.service(ServiceName.RELAY, ServiceName.DB_PROXY),
                tunnels::get,
                Form.SERVER_MOVE,
                (account, what) -> {})));
        core = mapServer(USER, vpsAt, List.of("prontera", "prt_fild06"));
        reserve = mapServer("reserve", vpsAt, ELIGIBLE);
        awaitVps();
    }

    /** Two instances, and what is shipped to choose between them and to let only one of them to the char-server. */
    private void startPair(Endpoint http, Endpoint front) throws IOException {
        Endpoint multiplexerAt = freePort();
        Endpoint coreAt = freePort();
        opened(Haproxy.start(
                "char-server.cfg",
                Map.of(
                        "P2P_LISTEN",
                        "127.0.0.1",
                        "P2P_MULTIPLEXER_PORT",
                        String.valueOf(multiplexerAt.port()),
                        "P2P_CORE_PORT",
                        String.valueOf(coreAt.port()),
                        "P2P_CHAR_SERVER",
                        charAt.toString()),
                coreAt.port()));
        List<DbProxyProcess> instances = new ArrayList<>();
        for (String address : INSTANCES) {
            Map<String, String> settings = settings(http, front);
            settings.put("p2p.bind-address", address);
            settings.put("p2p.db-proxy.instance-id", "db-proxy-" + address);
            settings.put(
                    "p2p.db-proxy.instances",
                    INSTANCES.stream()
                            .map(instance -> "http://" + instance + ":" + http.port())
                            .collect(Collectors.joining(",")));
            settings.put("p2p.db-proxy.upstream", multiplexerAt.toString());
            settings.put("p2p.db-proxy.core-upstream", coreAt.toString());
            instances.add(opened(new DbProxyProcess(tokens, settings, URI.create("http://" + http))));
        }
        dbProxy = instances.getFirst();
        standby = instances.getLast();
        dbProxy.start();
        standby.startStandby();
        opened(Haproxy.start(
                "db-proxy.cfg",
                Map.of(
                        "P2P_LISTEN",
                        "127.0.0.1",
                        "P2P_DB_PROXY_1",
                        INSTANCES.getFirst(),
                        "P2P_DB_PROXY_2",
                        INSTANCES.getLast(),
                        "P2P_HTTP_PORT",
                        String.valueOf(http.port()),
                        "P2P_LINK_PORT",
                        String.valueOf(linksAt.port()),
                        "P2P_VPS_PORT",
                        String.valueOf(vpsAt.port()),
                        "P2P_MANAGEMENT_PORT",
                        String.valueOf(metricsAt.port())),
                http.port()));
        // Until it has asked each of them once it takes both for ready.
        await("led to the one that works")
                .atMost(LONG)
                .during(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(dbProxy::isReached);
    }

    /** The other of the two takes its place. */
    void swap() {
        DbProxyProcess was = dbProxy;
        dbProxy = standby;
        standby = was;
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.add(closeable);
        return closeable;
    }

    /** Below what the system gives to outgoing connections: it stays free while its owner is away. */
    private Endpoint freePort() {
        while (true) {
            int port = LOWEST_PORT + random.nextInt(PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return Endpoint.of("127.0.0.1:" + socket.getLocalPort());
            } catch (IOException e) {
                // Somebody has it.
            }
        }
    }

    private static InetSocketAddress socketAddress(Endpoint of) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), of.port());
    }

    private Map<String, String> settings(Endpoint http, Endpoint front) {
        Map<String, String> all = new LinkedHashMap<>(databaseSettings);
        all.put("spring.kafka.bootstrap-servers", kafka.bootstrapServers());
        all.put("server.port", String.valueOf(http.port()));
        all.put("management.server.port", String.valueOf(metricsAt.port()));
        all.put("p2p.tokens.private-key", tokens.privateKeyOf(ServiceName.DB_PROXY));
        all.put("p2p.tokens.service-keys", tokens.serviceKeys());
        all.putAll(standIn.settings());
        all.put("p2p.services.map-assignment", assignment.url());
        all.put("p2p.db-proxy.port", String.valueOf(linksAt.port()));
        all.put("p2p.db-proxy.vps.port", String.valueOf(vpsAt.port()));
        all.put("p2p.db-proxy.upstream", charAt.toString());
        all.put("p2p.db-proxy.front", front.toString());
        all.put("p2p.db-proxy.saves.variables", "SIM_KILLS");
        return all;
    }

    /** db-proxy's own database, as db-proxy. */
    Connection databaseOfDbProxy() throws SQLException {
        return DriverManager.getConnection(
                databaseSettings.get("spring.datasource.url"),
                databaseSettings.get("spring.datasource.username"),
                databaseSettings.get("spring.datasource.password"));
    }

    /** As assignment does. */
    void announce(boolean eligible, List<String> maps) {
        Map<String, String> records = new LinkedHashMap<>();
        for (String map : maps) {
            EventEnvelope<MapCatalogueEntry> event = new EventEnvelope<>(
                    UUID.randomUUID().toString(),
                    MapCatalogueEntry.TYPE,
                    1,
                    Instant.now(),
                    map,
                    1,
                    null,
                    new MapCatalogueEntry(MapName.of(map), eligible, false, 1, "fields", null));
            records.put(map, Json.mapper().writeValueAsString(event));
        }
        kafka.put(Topics.MAP_CATALOGUE, records);
    }

    // ---- the VPS ----

    void startCharServer() throws IOException {
        charServer = new SimCharServerTcp(
                CharServerSettings.stock(USER, PASSWORD, charAt).withoutFloodLimit(),
                database,
                loginServer,
                loginAt,
                SimCharServerTcp.STOCK_BACKLOG);
    }

    /** As by kill -9, with its login-server. */
    void killCharServer() {
        charServer.close();
        charServer = null;
    }

    /** Whatever a test killed and did not bring back. */
    void revive() throws IOException {
        if (charServer == null) {
            startCharServer();
        }
        if (!kafka.isRunning()) {
            kafka.start();
        }
        if (!dbProxy.isRunning()) {
            dbProxy.start();
        }
        awaitVps();
    }

    /** Asks the game's database something; its char-server must be there. */
    <T> T stored(Function<SimDatabase, T> question) {
        return charServer().ask(any -> question.apply(database));
    }

    /** Whether a map-server says at the char-server that it has the map. */
    boolean isAnnounced(String map) {
        return charServer()
                .ask(server -> IntStream.range(0, PLACES)
                        .anyMatch(place -> server.announcedMaps(place).contains(map)));
    }

    private SimCharServerTcp charServer() {
        return Objects.requireNonNull(charServer, "the char-server is dead");
    }

    /** Until core and reserve are at the char-server, through db-proxy, and know of each other's maps. */
    void awaitVps() {
        until("both places", () -> charServer().ask(server -> server.mapServers() == PLACES));
        until("core", () -> core.ask(server -> server.ready() && server.otherServers() > 0));
        until("reserve", () -> reserve.ask(SimMapServer::ready));
    }

    private SimMapServerTcp mapServer(String user, Endpoint charServerAt, List<String> maps) throws IOException {
        Endpoint at = freePort();
        return opened(new SimMapServerTcp(
                MapServerSettings.stock(user, PASSWORD, at, charServerAt, maps, SEED)
                        .withAutosave(AUTOSAVE)
                        .withoutPreventLogout(),
                SimWorld.small(),
                at));
    }

    // ---- hosts ----

    /** A host that serves one map; its char link goes over the line if it can be broken off. */
    record Hosted(
            HostId id,
            CharLinkClient link,
            SimMapServerTcp server,
            @Nullable Line line) {
        boolean plays(SimClientTcp client) {
            return server.ask(map -> map.plays(client.ask(SimClient::accountId)));
        }

        /** As by kill -9 of the whole machine. */
        void kill() {
            server.close();
            link.close();
        }

        /** As when its machine loses its power: nobody says goodbye. */
        void vanish() {
            Objects.requireNonNull(line).close();
            kill();
        }

        /** Its char link breaks; the host makes another. */
        void breakOff() {
            Objects.requireNonNull(line).breakOff();
        }
    }

    /** A host that owns the map from now on. */
    Hosted owner(String map, boolean planned) throws IOException, InterruptedException {
        return owner(map, planned, () -> {});
    }

    /** The same, where something happens before its map-server starts. */
    Hosted owner(String map, boolean planned, Runnable meanwhile) throws IOException, InterruptedException {
        HostId id = HostId.random();
        return owner(id, map, dbProxy.own(map, dbProxy.epoch(map), Owner.host(id), planned), meanwhile);
    }

    /** A host that owns the map from now on, though whoever decided it went before he was answered. */
    Hosted ownerWhomNobodyConfirmed(String map) throws IOException, InterruptedException {
        HostId id = HostId.random();
        long before = dbProxy.epoch(map);
        dbProxy.ownAndGo(map, before, Owner.host(id));
        until("changed all the same", () -> dbProxy.epoch(map) == before + 1);
        return owner(id, map, before + 1, () -> {});
    }

    private Hosted owner(HostId id, String map, long epoch, Runnable meanwhile) throws IOException {
        Linked linked = link(id, new CharLinkHello(id, MapName.of(map), Epoch.of(epoch), CellRole.PRIMARY));
        meanwhile.run();
        SimMapServerTcp server = mapServer("cell", linked.charServer, List.of(map));
        until("host of " + map, () -> server.ask(SimMapServer::ready));
        tunnels.put(id.value(), socketAddress(server.endpoint()));
        return new Hosted(id, linked.link, server, linked.line);
    }

    /** A host whose server stands by for the map, logged in. */
    Hosted standby(String map) throws IOException {
        HostId id = HostId.random();
        Linked linked = link(id, new CharLinkHello(id, MapName.of(map), Epoch.NONE, CellRole.STANDBY));
        SimMapServerTcp server = mapServer("cell", linked.charServer, List.of(map));
        until("standby of " + map, () -> server.ask(SimMapServer::ready));
        tunnels.put(id.value(), socketAddress(server.endpoint()));
        return new Hosted(id, linked.link, server, linked.line);
    }

    /** The registry takes it out: it is to own no map any more. */
    void drain(Hosted host) {
        EventEnvelope<HostStateChanged> event = new EventEnvelope<>(
                UUID.randomUUID().toString(),
                HostStateChanged.TYPE,
                1,
                Instant.now(),
                host.id.value(),
                1,
                null,
                new HostStateChanged(
                        host.id,
                        1,
                        "drained",
                        "test",
                        HostLifeState.DRAINING,
                        1,
                        3,
                        4,
                        8,
                        100,
                        1,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
        kafka.put(Topics.HOST_STATE, Map.of(host.id.value(), Json.mapper().writeValueAsString(event)));
    }

    /** A host that owns the map from now on, and asks for what no host has a reason to. */
    HostId offender(String map) throws IOException, InterruptedException {
        HostId id = HostId.random();
        Endpoint at = link(id, map, false).charServer;
        Socket socket = opened(new Socket(InetAddress.getLoopbackAddress(), at.port()));
        for (Packet packet : List.of(
                MapServerLogin.of("cell", PASSWORD, at.address(), at.port()).packet(),
                MapList.of(List.of(map)).packet(),
                InterPackets.MAP_TO_CHAR.packet(MapToChar.BAN_CHARACTER).create())) {
            socket.getOutputStream().write(packet.bytes());
        }
        return id;
    }

    /** A char link, and where its map-server finds a char-server. */
    private record Linked(
            CharLinkClient link,
            Endpoint charServer,
            @Nullable Line line) {}

    private Linked link(HostId id, String map, boolean planned) throws IOException, InterruptedException {
        long epoch = dbProxy.own(map, dbProxy.epoch(map), Owner.host(id), planned);
        return link(id, new CharLinkHello(id, MapName.of(map), Epoch.of(epoch), CellRole.PRIMARY));
    }

    private Linked link(HostId id, CharLinkHello hello) throws IOException {
        CellDoor door = opened(CellDoor.open(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        Line line = breakable ? opened(new Line(socketAddress(linksAt))) : null;
        CharLinkClient link = opened(new CharLinkClient(
                CharLinkClient.Options.of(line == null ? socketAddress(linksAt) : line.address(), hello)
                        .withRetry(Duration.ofMillis(50), Duration.ofMillis(500)),
                door,
                RotatingTls.connecting(standIn.authority.host(id)),
                transport,
                new Ignored(),
                new RecordingMetrics()));
        link.start();
        until("link of " + hello.map(), link::isAccepted);
        return new Linked(link, Endpoint.of("127.0.0.1:" + door.address().getPort()), line);
    }

    /** The map goes to the reserve. */
    void toReserve(String map) throws IOException, InterruptedException {
        dbProxy.own(
                map, dbProxy.epoch(map), Owner.vps("reserve", reserve.endpoint().toString()), false);
    }

    /** The same as planned: its players are saved before. */
    void toReserveAsPlanned(String map) throws IOException, InterruptedException {
        dbProxy.own(
                map, dbProxy.epoch(map), Owner.vps("reserve", reserve.endpoint().toString()), true);
    }

    /** The map goes to that host, as planned. */
    void toHost(String map, Hosted host) throws IOException, InterruptedException {
        dbProxy.own(map, dbProxy.epoch(map), Owner.host(host.id), true);
    }

    private static final class Ignored implements CharLinkClientListener {
        @Override
        public void refused(RefusalReason reason, Epoch currentEpoch, String detail) {
            // Seen by what does not happen then.
        }

        @Override
        public void fenced(Epoch currentEpoch) {
            // Likewise.
        }
    }

    // ---- players ----

    /** A player in game. */
    SimClientTcp player(String name, Point start) {
        charServer().ask(server -> {
            int account = loginServer.createAccount(name, "secret", 0, 0);
            return database.createCharacter(
                    account, Character.toUpperCase(name.charAt(0)) + name.substring(1), 0, 0, start);
        });
        SimClientTcp client = opened(new SimClientTcp(loginAt, name, "secret"));
        until(name + " in game", () -> {
            client.tell(each -> {
                if (each.phase() == SimClient.Phase.AWAY) {
                    each.play(0);
                }
            });
            return client.ask(SimClient::playing)
                    && client.ask(each -> !each.at().map().isEmpty());
        });
        return client;
    }

    /** A portal that refuses him leaves him where he is: he steps off it and on again. */
    static void walkThrough(SimClientTcp client, int x, SimMapServerTcp to) {
        AtomicLong again = new AtomicLong();
        until("other side", () -> {
            if (on(to, client)) {
                return true;
            }
            if (again.get() - System.nanoTime() <= 0) {
                again.set(System.nanoTime() + LEG.toNanos());
                client.tell(each -> {
                    boolean there = Math.abs(each.at().x() - x) <= 1;
                    each.walkTo(there ? x + (x < 100 ? 5 : -5) : x, 100);
                });
            }
            return false;
        });
    }

    static boolean on(SimMapServerTcp server, SimClientTcp client) {
        int account = client.ask(SimClient::accountId);
        return server.ask(map -> map.plays(account)) && client.ask(SimClient::playing);
    }

    /** Walks there, in as many goes as it takes. */
    static void walk(SimClientTcp client, int x, int y) {
        AtomicLong again = new AtomicLong();
        until("at " + x + "," + y, () -> {
            if (again.get() - System.nanoTime() <= 0) {
                again.set(System.nanoTime() + LEG.toNanos());
                client.tell(each -> each.walkTo(x, y));
            }
            return client.ask(each -> each.at().x() == x && each.at().y() == y);
        });
    }

    static void until(String what, Callable<Boolean> condition) {
        await(what).atMost(LONG).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        if (charServer != null) {
            charServer.close();
        }
    }
}
