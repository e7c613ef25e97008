package io.p2phost.dbproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.EntryAnswer;
import io.p2phost.dbproxy.mux.EntryRequest;
import io.p2phost.dbproxy.mux.MuxSettings;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.SaveLimits;
import io.p2phost.dbproxy.ownership.InMemoryMapOwners;
import io.p2phost.dbproxy.sessions.JournalEntry;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionWriter;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.MapServerSettings;
import io.p2phost.ro.sim.SimCharServer;
import io.p2phost.ro.sim.SimCharServerTcp;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.SimMapServerTcp;
import io.p2phost.ro.sim.SimWorld;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The multiplexer at work on real sockets, between simulated servers of the VPS. */
class EngineTest {
    private static final String USER = "s1";
    private static final String PASSWORD = "p1";
    private static final MapName FIELD = MapName.of("prt_fild08");
    private static final MapName NEXT = MapName.of("prt_fild07");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Catalogue catalogue = new Catalogue(Clock.systemUTC());
    private final SimDatabase database = new SimDatabase();
    private final List<SimMapServerTcp> servers = new ArrayList<>();
    private final Endpoint charAt = freeEndpoint();
    private final Endpoint loginAt = freeEndpoint();
    private @Nullable SimCharServerTcp charServer;
    private Engine engine;

    @BeforeEach
    void start() {
        engine = engine(List.of(Network.parse("127.0.0.0/8")));
        catalogue.entry(FIELD, true);
    }

    @AfterEach
    void stop() throws IOException {
        for (SimMapServerTcp server : servers) {
            server.close();
        }
        engine.close();
        if (charServer != null) {
            charServer.close();
        }
    }

    private Engine engine(List<Network> from) {
        Engine made = engine(from, 0);
        made.start(() -> {});
        return made;
    }

    private Engine engine(List<Network> from, int vpsPort) {
        EngineSettings settings = new EngineSettings(
                new MuxSettings(
                        new MuxSettings.Address(0x7f000001, 7_000),
                        USER,
                        PASSWORD,
                        BuildLayout.shipped(BuildLayout.LINUX_20200401),
                        MuxSettings.Timing.USUAL,
                        new SaveLimits(new SaveLimits.Gain(1, 1, 1, 1, 1), Map.of(), List.of())),
                slot -> new InetSocketAddress(InetAddress.getLoopbackAddress(), charAt.port()),
                Duration.ofSeconds(1),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), vpsPort),
                from,
                new AddressLimits.Rules(8, 8, 100, 100, 16),
                new EngineSettings.Credentials("reserve", "secret"),
                Duration.ofSeconds(30));
        return new Engine(
                settings,
                new Engine.Parts(
                        LinkMetrics.NONE,
                        new InMemoryMapOwners(),
                        new Forgetful(),
                        loop -> new SessionWriter(
                                new Forgetful(),
                                loop,
                                new SessionWriter.Settings(Duration.ofMillis(500), 100, 1 << 20),
                                Clock.systemUTC(),
                                meters),
                        catalogue,
                        new NoOrders(),
                        Engine.Witness.NONE,
                        Clock.systemUTC(),
                        meters));
    }

    private void startCharServer() throws IOException {
        charServer = new SimCharServerTcp(
                CharServerSettings.stock(USER, PASSWORD, charAt).withoutFloodLimit(),
                database,
                new SimLoginServer(Clock.systemUTC(), 1),
                loginAt,
                SimCharServerTcp.STOCK_BACKLOG);
    }

    private SimMapServerTcp mapServer(String user, String password, List<String> maps) throws IOException {
        Endpoint at = freeEndpoint();
        SimMapServerTcp server = new SimMapServerTcp(
                MapServerSettings.stock(user, password, at, Endpoint.of("127.0.0.1:" + engine.vpsPort()), maps, 7),
                SimWorld.small(),
                at);
        servers.add(server);
        return server;
    }

    private static Endpoint freeEndpoint() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Endpoint.of("127.0.0.1:" + socket.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitUp() {
        await().atMost(15, TimeUnit.SECONDS).until(() -> engine.problem().isEmpty());
    }

    @Test
    void bothServersOfTheVpsShareACharServerWithTwoPlaces() throws IOException {
        startCharServer();
        awaitUp();
        SimMapServerTcp core = mapServer(USER, PASSWORD, List.of("prontera"));
        SimMapServerTcp reserve = mapServer("reserve", "secret", List.of(FIELD.value()));

        await().atMost(15, TimeUnit.SECONDS)
                .until(() -> core.ask(SimMapServer::ready) && reserve.ask(SimMapServer::ready));
        assertThat(charServer.ask(SimCharServer::mapServers)).isEqualTo(2);
        await().until(() ->
                engine.reserveAddress().equals(Optional.of(reserve.endpoint().toString())));
        await().untilAsserted(() -> assertThat(meters.get("p2p_dbproxy_map_servers")
                        .tag("login", "announced")
                        .gauge()
                        .value())
                .isEqualTo(1));
    }

    @Test
    void theCharServerMayDieAndComeBack() throws IOException {
        startCharServer();
        awaitUp();
        SimMapServerTcp reserve = mapServer("reserve", "secret", List.of(FIELD.value()));
        await().atMost(15, TimeUnit.SECONDS).until(() -> reserve.ask(SimMapServer::ready));

        charServer.close();
        await().until(() -> engine.problem().isPresent());
        EntryAnswer away = engine.enter(new EntryRequest("relay-1", 0x7f000001, 1, 2, 3, 0))
                .orElseThrow()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
        assertThat(away)
                .isInstanceOfSatisfying(
                        EntryAnswer.Refused.class,
                        no -> assertThat(no.code()).isEqualTo(EntryAnswer.Code.SERVER_CLOSED));
        startCharServer();
        awaitUp();
        assertThat(announced()).containsExactly(FIELD.value());
    }

    @Test
    void aNewMapIsAnnouncedByLoggingInAnew() throws IOException {
        startCharServer();
        awaitUp();
        catalogue.entry(NEXT, true);
        await().atMost(15, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(announced()).containsExactlyInAnyOrder(FIELD.value(), NEXT.value()));
    }

    private List<String> announced() {
        return charServer.ask(server -> server.mapServers() > 0 ? server.announcedMaps(0) : List.of());
    }

    @Test
    void wrongPasswordIsAnsweredAsACharServerDoesAndCut() throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(MapServerLogin.of("reserve", "guessed", 0x7f000001, 5_131)
                            .packet()
                            .bytes());
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(3)).containsExactly(0xf9, 0x2a, 3);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void portInUseIsNamed() {
        Engine second = engine(List.of(), engine.vpsPort());
        assertThatThrownBy(() -> second.start(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("vps.port")
                .hasMessageContaining(String.valueOf(engine.vpsPort()))
                .hasMessageContaining("expected: a free port");
        second.close();
    }

    @Test
    void whoIsNotOnTheListIsCutAtTheDoor() throws IOException {
        engine.close();
        engine = engine(List.of(Network.parse("10.0.0.0/8")));
        try (Socket socket = connect()) {
            socket.setSoTimeout(5_000);
            assertThat(endOf(socket)).isTrue();
        }
    }

    @Test
    void whoSaysNothingOrNonsenseGetsNoPlace() throws IOException {
        try (Socket silent = connect();
                Socket nonsense = connect()) {
            silent.setSoTimeout(15_000);
            nonsense.setSoTimeout(5_000);
            nonsense.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(endOf(nonsense)).isTrue();
            assertThat(endOf(silent)).as("cut after the time for a login").isTrue();
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), engine.vpsPort());
    }

    private static boolean endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException e) {
            return true;
        }
    }

    private static final class NoOrders implements Orders {
        @Override
        public void rehome(Outside.Rehome order, Optional<String> reserveAddress, Runnable unknown, Runnable untold) {}

        @Override
        public void release(String relay, int account, long number) {}

        @Override
        public void kick(String relay, int account, long number) {}

        @Override
        public void decide(MapName map, int account, @Nullable String relay) {}
    }

    private static final class Forgetful implements SessionStore {
        @Override
        public Kept takeOver(Consumer<JournalEntry> journal) {
            return new Kept(List.of(), List.of());
        }

        @Override
        public void write(Batch batch) {}

        @Override
        public boolean isTakenOver() {
            return false;
        }

        @Override
        public byte[] secret() {
            return new byte[32];
        }
    }
}
