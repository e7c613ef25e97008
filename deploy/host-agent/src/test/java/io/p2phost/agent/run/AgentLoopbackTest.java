package io.p2phost.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.agent.FakeGateway;
import io.p2phost.agent.TestAuthority.Leaf;
import io.p2phost.agent.Time;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.link.net.NetLinks;
import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.Load;
import io.p2phost.agent.machine.Machine;
import io.p2phost.agent.serving.LocalServer;
import io.p2phost.agent.session.Next;
import io.p2phost.agent.status.AgentStatus;
import io.p2phost.agent.status.StatusFile;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.charlink.CharLinkServer;
import io.p2phost.links.charlink.CharLinkServerListener;
import io.p2phost.links.charlink.CharLinkVerdict;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsMaterial;
import io.p2phost.links.tls.TlsProvider;
import io.p2phost.links.tunnel.Tunnel;
import io.p2phost.links.tunnel.TunnelServer;
import io.p2phost.links.tunnel.TunnelServerListener;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent against a real relay's and db-proxy's end of the links, on loopback. */
class AgentLoopbackTest {
    private static final MapName MAP = MapName.of("prt_fild08");
    private static final HostId HOST = HostId.of(FakeGateway.HOST);
    private static final AddressLimits.Rules LIMITS = new AddressLimits.Rules(100, 100, 1000, 1000, 100);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path directory;

    private final FakeGateway gateway = new FakeGateway();
    private final LinkTransport transport = LinkTransport.start("test", 2);
    private final RelayEnd relay = new RelayEnd();
    private final DbProxyEnd dbProxy = new DbProxyEnd();
    private final EchoServer cell = new EchoServer("cell:");
    private TunnelServer tunnels;
    private InetSocketAddress tunnelAddress;
    private CharLinkServer charLinks;
    private Agent agent;
    private CompletableFuture<Next.End> running;

    private static final class RelayEnd implements TunnelServerListener {
        private final List<String> readiness = new CopyOnWriteArrayList<>();

        @Override
        public void connected(Tunnel tunnel) {}

        @Override
        public void ready(Tunnel tunnel, MapName map, Epoch epoch, boolean ready, String detail) {
            readiness.add(map + ":" + epoch + ":" + ready);
        }

        @Override
        public void lost(Tunnel tunnel, CloseReason reason) {}
    }

    private static final class DbProxyEnd implements CharLinkServerListener {
        private final Map<MapName, Epoch> current = new ConcurrentHashMap<>();
        private final List<String> refused = new CopyOnWriteArrayList<>();

        CharLinkVerdict judge(CharLinkHello hello) {
            Epoch now = current.getOrDefault(hello.map(), hello.epoch());
            return now.equals(hello.epoch())
                    ? CharLinkVerdict.accept()
                    : CharLinkVerdict.refuse(RefusalReason.STALE_EPOCH, now, "epoch " + hello.epoch());
        }

        @Override
        public StreamListener cell(CharLinkHello hello) {
            return new CharServer();
        }

        @Override
        public void refused(CharLinkHello hello, RefusalReason reason, Epoch currentEpoch) {
            refused.add(hello.map() + ":" + hello.epoch() + ":" + reason);
        }
    }

    /** Answers whatever is said. */
    private static final class CharServer implements StreamListener {
        @Override
        public void data(LinkStream stream, ByteBuf payload) {
            stream.write(payload);
        }

        @Override
        public void finished(LinkStream stream) {
            stream.finish();
        }

        @Override
        public void closed(LinkStream stream, StreamEnd end) {}
    }

    /** A map-server: answers every line with a prefix and the line, and logs in at its char-server again and again. */
    private static final class EchoServer implements AutoCloseable {
        private final String prefix;
        private final ServerSocket server;
        private final int charPort;
        private volatile @Nullable Socket charServer;

        EchoServer(String prefix) {
            this.prefix = prefix;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                charPort = free.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::accept);
            Thread.ofVirtual().start(this::logIn);
        }

        private void logIn() {
            while (!server.isClosed()) {
                // From another address: one that finds nobody there must not be joined to itself.
                try (Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), charPort, InetAddress.ofLiteral("127.0.0.2"), 0)) {
                    charServer = socket;
                    socket.getOutputStream().write('x');
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // Not there yet, or there no more.
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                byte[] buffer = new byte[4096];
                for (int n = socket.getInputStream().read(buffer);
                        n > 0;
                        n = socket.getInputStream().read(buffer)) {
                    socket.getOutputStream().write(prefix.getBytes(StandardCharsets.UTF_8));
                    socket.getOutputStream().write(buffer, 0, n);
                }
            } catch (IOException e) {
                // The peer hung up.
            }
        }

        /** Its char-server does not notice. */
        void takeNobodyMore() throws IOException {
            server.close();
        }

        @Override
        public void close() {
            try {
                server.close();
                Socket up = charServer;
                if (up != null) {
                    up.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A stream that somebody other than the agent holds. */
    private static final class Player implements StreamListener {
        private final List<String> received = new CopyOnWriteArrayList<>();
        private final CompletableFuture<LinkStream> opened = new CompletableFuture<>();
        private final CompletableFuture<Optional<ResetCode>> closed = new CompletableFuture<>();

        @Override
        public void opened(LinkStream stream) {
            opened.complete(stream);
        }

        @Override
        public void data(LinkStream stream, ByteBuf payload) {
            received.add(payload.toString(StandardCharsets.UTF_8));
            int bytes = payload.readableBytes();
            payload.release();
            stream.consumed(bytes);
        }

        @Override
        public void finished(LinkStream stream) {}

        @Override
        public void closed(LinkStream stream, StreamEnd end) {
            closed.complete(Optional.ofNullable(stream.resetCode()));
        }

        void say(String text) throws Exception {
            opened.get(30, TimeUnit.SECONDS).write(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void start() {
        startTunnels(ANY_PORT);
        charLinks = new CharLinkServer(
                new CharLinkServer.Options(LinkSettings.defaults(), LIMITS),
                tls("db-proxy"),
                transport,
                hello -> CompletableFuture.completedFuture(dbProxy.judge(hello)),
                dbProxy,
                LinkMetrics.NONE);
        gateway.dbProxy(charLinks.start(ANY_PORT).getPort());
        gateway.heartbeatInterval("PT0.3S");
    }

    private void startTunnels(InetSocketAddress bind) {
        tunnels = new TunnelServer(
                new TunnelServer.Options("r1", LinkSettings.defaults(), LIMITS),
                tls("relay"),
                transport,
                host -> CompletableFuture.completedFuture(Optional.empty()),
                relay,
                LinkMetrics.NONE);
        tunnelAddress = tunnels.start(bind);
        gateway.relay("r1", tunnelAddress.getPort());
    }

    private RotatingTls tls(String service) {
        Leaf leaf = gateway.authority.serviceLeaf(service);
        return RotatingTls.accepting(
                TlsProvider.best(),
                new TlsMaterial(leaf.key(), List.of(leaf.certificate()), List.of(gateway.authority.certificate())));
    }

    private void startAgent() {
        startAgent(OptionalInt.empty());
    }

    private void startAgent(OptionalInt maxPlayers) {
        AgentHome home = new AgentHome(directory);
        home.create();
        Machine machine = new Machine() {
            @Override
            public Capability capability() {
                return new Capability(3.6, 8, 32, 500, "TestOS");
            }

            @Override
            public Load load() {
                return new Load(1, 1, 1, 0);
            }
        };
        agent = new Agent(
                new Agent.Settings(
                        new AgentIdentity(HOST, gateway.uri(), "pc", "EU"),
                        home.createOrReadKey(),
                        HostNodeConf.NONE,
                        List.of(new LocalServer(MAP, "127.0.0.1", cell.address().getPort())),
                        home.assignmentsFile(),
                        home.statusFile()),
                machine,
                new NetLinks(HOST, maxPlayers, null, Map.of(MAP, cell.charPort)),
                Time.system());
        running = CompletableFuture.supplyAsync(
                agent::run, task -> Thread.ofPlatform().daemon().start(task));
    }

    private void stopAgent() throws Exception {
        agent.stop();
        running.get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        if (agent != null) {
            stopAgent();
        }
        tunnels.close();
        charLinks.close();
        transport.close();
        gateway.close();
        cell.close();
    }

    private Tunnel tunnel() {
        return await().atMost(Duration.ofSeconds(15))
                .until(() -> tunnels.tunnel(HOST), Optional::isPresent)
                .orElseThrow();
    }

    private AgentStatus status() {
        return StatusFile.read(new AgentHome(directory).statusFile()).orElseThrow();
    }

    /** The map is given over the tunnel, and heartbeat answers agree from then on. */
    private void assign(long epoch) {
        gateway.desire(MAP + ":" + epoch);
        tunnel().assign(MAP, Epoch.of(epoch), CellRole.PRIMARY);
        awaitReady(epoch);
    }

    private void awaitReady(long epoch) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(relay.readiness).contains(MAP + ":" + epoch + ":true"));
    }

    @Test
    void playersBytesReachTheMapServerAndComeBack() throws Exception {
        startAgent();
        assign(1);
        Player player = new Player();
        tunnel().open(MAP, Epoch.of(1), SourceAddress.NONE, Bytes.NONE, player);
        player.say("nonce-1");
        await().untilAsserted(() -> assertThat(String.join("", player.received)).isEqualTo("cell:nonce-1"));

        await().untilAsserted(() -> {
            assertThat(status().maps()).singleElement().satisfies(map -> {
                assertThat(map.state()).isEqualTo("READY");
                assertThat(map.epoch()).isEqualTo(1);
                assertThat(map.players()).isEqualTo(1);
            });
            assertThat(status().tunnels()).singleElement().satisfies(line -> {
                assertThat(line.connected()).isTrue();
                assertThat(line.latencyMs()).isNotNull();
            });
        });
        assertThat(gateway.calls("PUT heartbeat")
                        .getLast()
                        .json()
                        .path("maps")
                        .path(0)
                        .path("players")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void streamOfAnotherEpochOrMapIsRefused() throws Exception {
        startAgent();
        assign(2);
        Player stale = new Player();
        tunnel().open(MAP, Epoch.of(1), SourceAddress.NONE, Bytes.NONE, stale);
        assertThat(stale.closed.get(30, TimeUnit.SECONDS)).contains(ResetCode.NOT_SERVED);
        Player foreign = new Player();
        tunnel().open(MapName.of("prontera"), Epoch.of(2), SourceAddress.NONE, Bytes.NONE, foreign);
        assertThat(foreign.closed.get(30, TimeUnit.SECONDS)).contains(ResetCode.NOT_SERVED);
    }

    @Test
    void playersAboveTheirOwnLimitAreRefused() throws Exception {
        startAgent(OptionalInt.of(1));
        assign(1);
        Player first = new Player();
        tunnel().open(MAP, Epoch.of(1), SourceAddress.NONE, Bytes.NONE, first);
        first.opened.get(30, TimeUnit.SECONDS);
        Player second = new Player();
        tunnel().open(MAP, Epoch.of(1), SourceAddress.NONE, Bytes.NONE, second);
        assertThat(second.closed.get(30, TimeUnit.SECONDS)).contains(ResetCode.LIMIT);
    }

    @Test
    void fenceOnTheCharLinkEndsTheMapAndItsStreams() throws Exception {
        startAgent();
        assign(1);
        Player player = new Player();
        tunnel().open(MAP, Epoch.of(1), SourceAddress.NONE, Bytes.NONE, player);
        player.opened.get(30, TimeUnit.SECONDS);
        dbProxy.current.put(MAP, Epoch.of(2));
        charLinks.fence(MAP, Epoch.of(2));
        assertThat(player.closed.get(30, TimeUnit.SECONDS)).isPresent();
        await().untilAsserted(() -> assertThat(status().fenced())
                .singleElement()
                .satisfies(fence -> {
                    assertThat(fence.epoch()).isEqualTo(1);
                    assertThat(fence.currentEpoch()).isEqualTo(2);
                }));
    }

    @Test
    void fenceOnTheTunnelEndsTheMap() throws Exception {
        startAgent();
        assign(1);
        tunnel().fence(MAP, Epoch.of(4));
        await().untilAsserted(() -> assertThat(status().fenced())
                .singleElement()
                .satisfies(fence -> assertThat(fence.currentEpoch()).isEqualTo(4)));
    }

    @Test
    void hostThatComesBackOffersItsOldEpochAndIsRefused() throws Exception {
        startAgent();
        assign(1);
        stopAgent();
        gateway.desire();
        dbProxy.current.put(MAP, Epoch.of(3));
        relay.readiness.clear();

        startAgent();
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(dbProxy.refused).contains(MAP + ":1:" + RefusalReason.STALE_EPOCH));
        await().untilAsserted(() -> assertThat(status().fenced())
                .singleElement()
                .satisfies(fence -> {
                    assertThat(fence.map()).isEqualTo(MAP.value());
                    assertThat(fence.epoch()).isEqualTo(1);
                    assertThat(fence.currentEpoch()).isEqualTo(3);
                }));
        assertThat(relay.readiness).doesNotContain(MAP + ":1:true");
    }

    @Test
    void restartOfTheRelayIsSurvivedAndReadinessSaidAgain() throws Exception {
        startAgent();
        assign(1);
        tunnels.close();
        relay.readiness.clear();
        startTunnels(tunnelAddress);
        awaitReady(1);
        Player player = new Player();
        tunnel().open(MAP, Epoch.of(1), SourceAddress.NONE, Bytes.NONE, player);
        player.say("again");
        await().untilAsserted(() -> assertThat(String.join("", player.received)).isEqualTo("cell:again"));
    }

    @Test
    void deadMapServerIsReportedByTheFirstPlayerWhoMissesIt() throws Exception {
        startAgent();
        assign(1);
        cell.takeNobodyMore();
        Player player = new Player();
        tunnel().open(MAP, Epoch.of(1), SourceAddress.NONE, Bytes.NONE, player);
        assertThat(player.closed.get(30, TimeUnit.SECONDS)).contains(ResetCode.UNREACHABLE);
        await().untilAsserted(() -> assertThat(relay.readiness).contains(MAP + ":1:false"));
    }

    @Test
    void heartbeatsAnswerBringsAMapThatTheTunnelNeverNamed() {
        gateway.desire(MAP + ":6");
        startAgent();
        awaitReady(6);
    }

    @Test
    void standbyBecomesTheOwnerOverItsLinkAndIsFencedLater() throws Exception {
        startAgent();
        tunnel().assign(MAP, Epoch.of(7), CellRole.STANDBY);
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(charLinks.links())
                        .containsExactly(new CharLinkHello(HOST, MAP, Epoch.of(7), CellRole.STANDBY)));
        await().untilAsserted(() -> assertThat(status().maps())
                .singleElement()
                .satisfies(map -> assertThat(map.state()).isEqualTo("STANDBY")));
        assertThat(relay.readiness).as("it claims nothing").isEmpty();

        // As db-proxy does it: the row, the link, then the routes.
        dbProxy.current.put(MAP, Epoch.of(8));
        charLinks.promote(HOST, MAP, Epoch.of(8));
        assign(8);
        assertThat(charLinks.links()).containsExactly(new CharLinkHello(HOST, MAP, Epoch.of(8), CellRole.PRIMARY));
        Player player = new Player();
        tunnel().open(MAP, Epoch.of(8), SourceAddress.NONE, Bytes.NONE, player);
        player.say("hello");
        await().untilAsserted(() -> assertThat(String.join("", player.received)).isEqualTo("cell:hello"));

        charLinks.fence(MAP, Epoch.of(9));
        await().untilAsserted(() -> assertThat(status().fenced())
                .singleElement()
                .satisfies(fence -> {
                    assertThat(fence.epoch()).isEqualTo(8);
                    assertThat(fence.currentEpoch()).isEqualTo(9);
                }));
    }

    @Test
    void stoppingSaysGoodbye() throws Exception {
        startAgent();
        assign(1);
        stopAgent();
        assertThat(gateway.calls("DELETE session")).hasSize(1);
        assertThat(status().state()).isEqualTo("STOPPED");
        await().untilAsserted(() -> assertThat(tunnels.tunnel(HOST)).isEmpty());
    }
}
