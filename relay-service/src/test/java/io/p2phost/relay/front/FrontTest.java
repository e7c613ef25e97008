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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
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
    private LinkTransport transport;
    private HostTunnels tunnels;
    private Deliveries deliveries;
    private Front front;
    private TunnelClient client;

    @BeforeEach
    void start() {
        transport = LinkTransport.start("test", 2);
        RelayMetrics metrics = new RelayMetrics(meters);
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
        int port = FreePorts.first();
        front = new Front(
                new Front.Settings("127.0.0.1", Duration.ofSeconds(2), open),
                transport,
                new OnePort(port),
                routes,
                tunnels,
                metrics);
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

    @AfterEach
    void stop() {
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

    private void shortTalks() throws IOException {
        int port = front.open(MAP).orElseThrow();
        for (int i = 0; i < ROUNDS; i++) {
            byte[] said = ("nonce " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
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
                    throw new java.io.UncheckedIOException(e);
                }
            });
            byte[] heard = player.getInputStream().readAllBytes();
            writing.join();
            assertThat(heard.length).isEqualTo(said.length);
            assertThat(heard).isEqualTo(said);
        }
    }

    private record OnePort(int port) implements PublicPorts {
        @Override
        public OptionalInt portOf(MapName map) {
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
            return OpenAnswer.accept(server.address());
        }
    }
}
