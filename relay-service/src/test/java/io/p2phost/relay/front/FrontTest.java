package io.p2phost.relay.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.EchoServer;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tunnel.OpenAnswer;
import io.p2phost.links.tunnel.TunnelClient;
import io.p2phost.links.tunnel.TunnelClientListener;
import io.p2phost.links.tunnel.TunnelServer;
import io.p2phost.relay.FreePorts;
import io.p2phost.relay.route.PublicPorts;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import io.p2phost.relay.telemetry.RelayMetrics;
import io.p2phost.relay.tunnel.Assignment;
import io.p2phost.relay.tunnel.Deliveries;
import io.p2phost.relay.tunnel.HostStates;
import io.p2phost.relay.tunnel.HostTunnels;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Players at the front over real sockets, to a VPS and through a real tunnel; no service around it. */
@ExtendWith(LeakGuard.class)
class FrontTest {
    private static final MapName MAP = MapName.of("prt_fild08");
    private static final int ROUNDS = 100;

    private final RouteTable routes = new RouteTable();
    private final TestAuthority authority = new TestAuthority();
    private final EchoServer server = new EchoServer();
    private final HostId host = HostId.random();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RelayMetrics metrics = new RelayMetrics(meters);
    private final GivenPorts ports = new GivenPorts();
    private final List<Closeable> sources = new CopyOnWriteArrayList<>();
    private volatile InetSocketAddress cell = server.address();
    private LinkTransport transport;
    private HostTunnels tunnels;
    private Deliveries deliveries;
    private Front front;
    private TunnelClient client;

    @BeforeEach
    void start() {
        transport = LinkTransport.start("test", 2);
        AddressLimits.Rules open = new AddressLimits.Rules(10_000, 10_000, 10_000, 10_000, 100);
        deliveries = new Deliveries(Deliveries.Policy.defaults(), meters);
        tunnels = new HostTunnels(
                new TunnelServer.Options("relay-1", LinkSettings.defaults(), open),
                new RotatingTls(authority.service(ServiceName.RELAY)),
                transport,
                id -> CompletableFuture.completedFuture(Optional.empty()),
                metrics,
                new HostTunnels.Parts(
                        routes, new NoAssignment(), deliveries, new HostStates(), InstantSource.system()));
        tunnels.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        front = front(open);
        client = new TunnelClient(
                TunnelClient.Options.of(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), tunnels.port()), "host/test"),
                new RotatingTls(authority.host(host)),
                transport,
                new Cell(),
                metrics.ofPlayers());
        client.start();
        Awaitility.await().until(() -> tunnels.of(host).isPresent() && client.isConnected());
    }

    private Front front(AddressLimits.Rules limits) {
        return new Front(
                new Front.Settings("127.0.0.1", Duration.ofSeconds(2), limits),
                transport,
                ports,
                routes,
                tunnels,
                metrics);
    }

    @AfterEach
    void stop() {
        sources.forEach(FrontTest::close);
        client.close();
        front.close();
        tunnels.close();
        deliveries.close();
        transport.close();
        server.close();
    }

    @Test
    void shortTalksWithAVpsArriveWhole() throws IOException {
        routes.offer(new Route(
                MAP,
                Epoch.of(1),
                Owner.vps("reserve", "127.0.0.1:" + server.address().getPort())));
        shortTalks();
    }

    @Test
    void shortTalksWithAHostArriveWhole() throws IOException {
        routes.offer(new Route(MAP, Epoch.of(1), Owner.host(host)));
        shortTalks();
    }

    @Test
    void longTalksWithAVpsArriveWhole() throws Exception {
        routes.offer(new Route(
                MAP,
                Epoch.of(1),
                Owner.vps("reserve", "127.0.0.1:" + server.address().getPort())));
        longTalk();
    }

    @Test
    void longTalksWithAHostArriveWhole() throws Exception {
        routes.offer(new Route(MAP, Epoch.of(1), Owner.host(host)));
        longTalk();
    }

    @Test
    void playerWhoDoesNotReadStopsHisCellAndNobodyElse() throws Exception {
        routes.offer(new Route(MAP, Epoch.of(1), Owner.host(host)));
        AtomicLong poured = new AtomicLong();
        cell = serve(socket -> {
            byte[] bytes = new byte[16 * 1024];
            while (true) {
                socket.getOutputStream().write(bytes);
                poured.addAndGet(bytes.length);
            }
        });
        try (Socket player =
                new Socket(InetAddress.getLoopbackAddress(), front.open(MAP).orElseThrow())) {
            awaitStandstill(poured);
            assertThat(metrics.bufferedBytes())
                    .as("what the relay holds for him")
                    .isBetween(1L, (long) LinkSettings.defaults().streamWindow());
            cell = server.address();
            assertThat(talk("others go on")).isEqualTo("others go on");

            player.getInputStream().readNBytes(1 << 20);
            long before = poured.get();
            player.getInputStream().readNBytes(8 << 20);
            Awaitility.await().until(() -> poured.get() > before);
        }
        Awaitility.await().until(() -> metrics.bufferedBytes() == 0);
    }

    @Test
    void cellThatDoesNotReadStopsItsPlayerAndNobodyElse() throws Exception {
        routes.offer(new Route(MAP, Epoch.of(1), Owner.host(host)));
        CountDownLatch read = new CountDownLatch(1);
        AtomicLong arrived = new AtomicLong();
        cell = serve(socket -> {
            read.await();
            byte[] bytes = new byte[64 * 1024];
            for (int n = socket.getInputStream().read(bytes);
                    n >= 0;
                    n = socket.getInputStream().read(bytes)) {
                arrived.addAndGet(n);
            }
        });
        AtomicLong sent = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        try (Socket player =
                new Socket(InetAddress.getLoopbackAddress(), front.open(MAP).orElseThrow())) {
            Thread writer = Thread.ofVirtual().start(() -> {
                byte[] bytes = new byte[16 * 1024];
                try {
                    while (!stop.get()) {
                        player.getOutputStream().write(bytes);
                        sent.addAndGet(bytes.length);
                    }
                    player.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            awaitStandstill(sent);
            cell = server.address();
            assertThat(talk("others go on")).isEqualTo("others go on");

            stop.set(true);
            read.countDown();
            writer.join();
            Awaitility.await().untilAsserted(() -> assertThat(arrived).hasValue(sent.get()));
        }
    }

    @Test
    void playersAboveTheLimitsAreClosedAtTheDoorAndCounted() throws Exception {
        front.close();
        front = front(new AddressLimits.Rules(10, 2, 1_000, 1_000, 10));
        routes.offer(new Route(MAP, Epoch.of(1), Owner.host(host)));
        int port = front.open(MAP).orElseThrow();
        try (Socket first = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Awaitility.await().until(() -> front.sessions() == 2);
            assertThat(talk("one too many")).isEmpty();
            assertThat(meters.counter("p2p_relay_dropped_total", "part", "players", "reason", "address_limit")
                            .count())
                    .isOne();
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }
        Awaitility.await().until(() -> front.sessions() == 0);
        assertThat(talk("room again")).isEqualTo("room again");
    }

    @Test
    void everyRefusalIsCountedByItsReason() throws Exception {
        routes.offer(new Route(MAP, Epoch.of(1), null));
        front.open(MAP);
        assertThat(talk("x")).isEmpty();
        Awaitility.await().until(() -> refused("no_owner") == 1);

        routes.offer(new Route(MAP, Epoch.of(2), Owner.host(HostId.random())));
        assertThat(talk("x")).isEmpty();
        Awaitility.await().until(() -> refused("no_tunnel") == 1);

        routes.offer(new Route(MAP, Epoch.of(3), Owner.host(host)));
        try (ServerSocket dead = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            cell = new InetSocketAddress(InetAddress.getLoopbackAddress(), dead.getLocalPort());
        }
        assertThat(talk("x")).isEmpty();
        Awaitility.await().until(() -> refused("unreachable") == 1);

        cell = server.address();
        assertThat(talk("well")).isEqualTo("well");
        assertThat(refused("unreachable")).as("a talk that ended well").isOne();
    }

    @Test
    void portThatTheDatabaseCouldNotGiveIsOpenedOnceItCan() {
        ports.away = true;
        routes.offer(new Route(MAP, Epoch.of(1), Owner.host(host)));
        Awaitility.await().until(() -> ports.asked.get() > 0);
        assertThat(front.portOf(MAP)).isEmpty();
        ports.away = false;

        front.openMissing();

        Awaitility.await().until(() -> front.portOf(MAP).isPresent());
    }

    private double refused(String reason) {
        return meters.counter("p2p_relay_refused_total", "reason", reason).count();
    }

    private static void awaitStandstill(AtomicLong bytes) {
        AtomicLong before = new AtomicLong(-1);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(30))
                .until(() -> bytes.get() > 0 && before.getAndSet(bytes.get()) == bytes.get());
    }

    private String talk(String said) throws IOException {
        try (Socket player =
                new Socket(InetAddress.getLoopbackAddress(), front.open(MAP).orElseThrow())) {
            player.getOutputStream().write(said.getBytes(StandardCharsets.UTF_8));
            player.shutdownOutput();
            return new String(player.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            // The relay closed the door while we were still talking.
            return "";
        }
    }

    @FunctionalInterface
    private interface Talk {
        void with(Socket socket) throws Exception;
    }

    /** A cell of its own for one player. */
    private InetSocketAddress serve(Talk talk) throws IOException {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sources.add(listening);
        Thread.ofVirtual().start(() -> {
            try (Socket socket = listening.accept()) {
                talk.with(socket);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                // The player or the test is over.
                close(listening);
            }
        });
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    private static void close(Closeable source) {
        try {
            source.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void shortTalks() throws IOException {
        int port = front.open(MAP).orElseThrow();
        for (int i = 0; i < ROUNDS; i++) {
            byte[] said = ("nonce " + i).getBytes(StandardCharsets.UTF_8);
            try (Socket player = new Socket(InetAddress.getLoopbackAddress(), port)) {
                player.getOutputStream().write(said);
                player.shutdownOutput();
                assertThat(player.getInputStream().readAllBytes())
                        .as("round %d", i)
                        .isEqualTo(said);
            }
        }
    }

    /** More than all buffers on the way hold, in both directions at once, ended by the player. */
    private void longTalk() throws Exception {
        int port = front.open(MAP).orElseThrow();
        byte[] said = new byte[16 << 20];
        new Random(7).nextBytes(said);
        try (Socket player = new Socket(InetAddress.getLoopbackAddress(), port)) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    player.getOutputStream().write(said);
                    player.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            byte[] heard = player.getInputStream().readAllBytes();
            writing.join();
            assertThat(heard.length).isEqualTo(said.length);
            assertThat(heard).isEqualTo(said);
        }
    }

    private static final class GivenPorts implements PublicPorts {
        private final int port = FreePorts.first();
        private final AtomicInteger asked = new AtomicInteger();
        private volatile boolean away;

        @Override
        public OptionalInt portOf(MapName map) {
            asked.incrementAndGet();
            if (away) {
                throw new IllegalStateException("database away");
            }
            return OptionalInt.of(port);
        }

        @Override
        public Map<MapName, Integer> given() {
            return Map.of();
        }
    }

    private static final class NoAssignment implements Assignment {
        @Override
        public void tunnelLost(HostId lost, Instant observedAt) {}

        @Override
        public void readiness(HostId of, MapName map, Epoch epoch, boolean ready, String detail) {}
    }

    private final class Cell implements TunnelClientListener {
        @Override
        public void assign(MapName map, Epoch epoch, CellRole role) {}

        @Override
        public void fenced(MapName map, Epoch currentEpoch) {}

        @Override
        public OpenAnswer open(MapName map, Epoch epoch) {
            return OpenAnswer.accept(cell);
        }
    }
}
