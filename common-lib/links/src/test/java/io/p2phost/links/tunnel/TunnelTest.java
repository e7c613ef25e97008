package io.p2phost.links.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.Bytes;
import io.p2phost.links.DropReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.EchoServer;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.Line;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.PeerIdentity;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsMaterial;
import io.p2phost.links.tls.TlsProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends of the tunnel over real TLS on loopback. */
@ExtendWith(LeakGuard.class)
@ParameterizedClass
@MethodSource("io.p2phost.links.testing.TlsProviders#here")
class TunnelTest {
    private static final MapName MAP = MapName.of("prontera");
    private static final Epoch EPOCH = Epoch.of(7);

    @Parameter
    private TlsProvider provider;

    private final TestAuthority authority = new TestAuthority();
    private final HostId host = HostId.random();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final RelayEvents relay = new RelayEvents();
    private final AgentEvents agent = new AgentEvents();
    private final EchoServer cell = new EchoServer();
    private LinkTransport transport;
    private AddressLimits.Rules rules = new AddressLimits.Rules(1000, 1000, 1000, 1000, 1000);
    private TunnelServer server;
    private DialPlaces places = new DialPlaces();
    private final List<TunnelClient> clients = new ArrayList<>();
    private InetSocketAddress address;
    private volatile Optional<GoAwayCode> verdict = Optional.empty();

    @BeforeEach
    void start() {
        transport = LinkTransport.start("test", 2);
        agent.cell = cell.address();
        startServer(0);
    }

    private void startServer(int port) {
        startServer(port, authority.service(ServiceName.RELAY));
    }

    private void startServer(int port, TlsMaterial material) {
        startServer(port, RotatingTls.accepting(provider, material));
    }

    private void startServer(int port, RotatingTls tls) {
        startServer(port, tls, 100);
    }

    private void startServer(int port, RotatingTls tls, int maxEntering) {
        server = new TunnelServer(
                new TunnelServer.Options(
                        "relay-1",
                        // Two seconds of silence instead of three: tests wait for it.
                        LinkSettings.defaults()
                                .withLiveness(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofMillis(100)),
                        rules,
                        maxEntering,
                        Duration.ofSeconds(3),
                        4,
                        Duration.ofHours(1)),
                tls,
                transport,
                id -> CompletableFuture.completedFuture(verdict),
                relay,
                metrics);
        address = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private TunnelClient startClient() {
        return startClient(address, authority.host(host));
    }

    private TunnelClient startClient(InetSocketAddress relayAddress, TlsMaterial material) {
        TunnelClient client = new TunnelClient(
                TunnelClient.Options.of(relayAddress, "agent/test")
                        .withRetry(Duration.ofMillis(20), Duration.ofMillis(100)),
                RotatingTls.connecting(material),
                transport,
                places,
                agent,
                metrics);
        client.start();
        clients.add(client);
        return client;
    }

    @AfterEach
    void stop() {
        clients.forEach(TunnelClient::close);
        server.close();
        transport.close();
        cell.close();
    }

    @Test
    void assignAndReadyCrossTheTunnel() throws Exception {
        TunnelClient client = startClient();
        Tunnel tunnel = relay.connected();
        assertThat(tunnel.host()).isEqualTo(host);

        tunnel.assign(MAP, EPOCH, CellRole.PRIMARY);
        assertThat(agent.next()).isEqualTo("connected relay-1");
        assertThat(agent.next()).isEqualTo("assign prontera 7 PRIMARY");

        assertThat(client.ready(MAP, EPOCH, true, "cell up")).isTrue();
        assertThat(relay.next()).isEqualTo("ready prontera 7 true cell up");

        tunnel.fence(MAP, Epoch.of(8));
        assertThat(agent.next()).isEqualTo("fenced prontera 8");
    }

    @Test
    void bytesGoToTheCellAndBack() throws Exception {
        startClient();
        StreamProbe probe = new StreamProbe();
        relay.connected().open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, probe);
        probe.awaitOpened();

        probe.write("hello cell");

        probe.awaitText("hello cell");
        assertThat(cell.accepted()).isOne();
        assertThat(metrics.bytesIn).hasValue(20);

        probe.finish();
        assertThat(probe.end()).isEqualTo("FINISHED");
    }

    @Test
    void firstBytesAreSentToTheCellAsSoonAsItIsReached() throws Exception {
        startClient();
        StreamProbe probe = new StreamProbe();
        relay.connected().open(MAP, EPOCH, SourceAddress.NONE, first("let me in"), probe);
        probe.awaitText("let me in");
        probe.write(", please");
        probe.awaitText("let me in, please");
    }

    @Test
    void noMoreThanTheCellsQueueHoldsAreConnectedAtOnce() throws Exception {
        places = new DialPlaces(2, Duration.ofMinutes(1));
        startClient();
        Tunnel tunnel = relay.connected();
        List<StreamProbe> players = new ArrayList<>();
        for (int i = 0; i < DialPlaces.AT_ONCE + 2; i++) {
            players.add(new StreamProbe());
            tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, players.get(i));
        }
        StreamProbe tooMany = new StreamProbe();
        tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, tooMany);
        assertThat(tooMany.end()).isEqualTo("RESET_BY_PEER LIMIT");
        await().until(() -> cell.accepted() == DialPlaces.AT_ONCE);
        assertThat(places.waiting()).isEqualTo(2);

        // The cell has spoken: the next.
        players.getFirst().write("x");
        await().until(() -> cell.accepted() == DialPlaces.AT_ONCE + 1);
        assertThat(places.waiting()).isOne();

        // Who goes while he waits is never connected.
        players.getLast().reset();
        players.get(1).write("x");
        await().until(() -> places.waiting() == 0);
        players.get(4).write("x");
        players.get(4).awaitText("x");
        StreamProbe next = new StreamProbe();
        tunnel.open(MAP, EPOCH, SourceAddress.NONE, first("x"), next);
        next.awaitText("x");
        assertThat(cell.accepted()).isEqualTo(DialPlaces.AT_ONCE + 2);
    }

    @Test
    void silentCellHoldsUpNobodyForLong() throws Exception {
        places = new DialPlaces(100, Duration.ofMillis(10));
        startClient();
        Tunnel tunnel = relay.connected();
        List<StreamProbe> players = new ArrayList<>();
        for (int i = 0; i < 3 * DialPlaces.AT_ONCE; i++) {
            players.add(new StreamProbe());
            tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, players.get(i));
        }
        for (StreamProbe player : players) {
            player.awaitOpened();
        }
    }

    private static Bytes first(String text) {
        return Bytes.of(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    @Test
    void cellSeesThePlayersOwnAddress() throws Exception {
        startClient();
        Tunnel tunnel = relay.connected();
        for (int source : new int[] {0x7f400001, 0x7f7ffffe, SourceAddress.NONE}) {
            StreamProbe player = new StreamProbe();
            tunnel.open(MAP, EPOCH, source, Bytes.NONE, player);
            player.write("x");
            player.awaitText("x");
        }
        assertThat(cell.callers())
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.64.0.1", "127.127.255.254", "127.0.0.1");
        assertThat(metrics.sourcesRefused).hasValue(0);
        assertThatThrownBy(() -> tunnel.open(MAP, EPOCH, 0x0a000001, Bytes.NONE, new StreamProbe()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hostCountsAndDropsTheStreamsOfAMap() throws Exception {
        TunnelClient client = startClient();
        Tunnel tunnel = relay.connected();
        StreamProbe older = new StreamProbe();
        tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, older);
        older.awaitOpened();
        StreamProbe newer = new StreamProbe();
        tunnel.open(MAP, EPOCH.next(), SourceAddress.NONE, Bytes.NONE, newer);
        newer.awaitOpened();
        assertThat(client.streams(MAP)).isEqualTo(2);
        assertThat(client.streams()).isEqualTo(2);
        assertThat(client.streams(MapName.of("payon"))).isZero();

        client.drop(MAP, EPOCH.next(), ResetCode.NOT_SERVED);

        assertThat(older.end()).isEqualTo("RESET_BY_PEER NOT_SERVED");
        newer.write("still here");
        newer.awaitText("still here");
        assertThat(client.streams(MAP)).isOne();
    }

    @Test
    void hostLearnsThatAPlayerFoundNoCell() throws Exception {
        startClient();
        Tunnel tunnel = relay.connected();
        assertThat(agent.next()).isEqualTo("connected relay-1");
        cell.close();
        StreamProbe probe = new StreamProbe();
        tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, probe);
        assertThat(probe.end()).isEqualTo("RESET_BY_PEER UNREACHABLE");
        assertThat(agent.next()).isEqualTo("unreachable prontera 7");
    }

    @Test
    void playerWhoLeavesBeforeHisCellIsReachedSaysNothingAboutTheCell() throws Exception {
        startClient();
        Tunnel tunnel = relay.connected();
        assertThat(agent.next()).isEqualTo("connected relay-1");
        for (int i = 0; i < 200; i++) {
            tunnel.open(MAP, EPOCH, 0x7f400001, Bytes.NONE, new StreamListener() {
                @Override
                public void opening(LinkStream stream) {
                    stream.reset(ResetCode.CONNECTION_RESET);
                }

                @Override
                public void opened(LinkStream stream) {}

                @Override
                public void data(LinkStream stream, ByteBuf payload) {
                    payload.release();
                }

                @Override
                public void finished(LinkStream stream) {}

                @Override
                public void writable(LinkStream stream) {}

                @Override
                public void closed(LinkStream stream, StreamEnd end) {}
            });
        }
        StreamProbe player = new StreamProbe();
        tunnel.open(MAP, EPOCH, 0x7f400002, Bytes.NONE, player);
        player.write("x");
        player.awaitText("x");
        cell.close();
        tunnel.open(MAP, EPOCH.next(), SourceAddress.NONE, Bytes.NONE, new StreamProbe());
        assertThat(agent.next()).isEqualTo("unreachable prontera 8");
        assertThat(metrics.sourcesRefused).hasValue(0);
    }

    @Test
    void refusedHostIsToldWhyAndTriesAgain() throws Exception {
        verdict = Optional.of(GoAwayCode.NOT_ADMITTED);
        startClient();
        assertThat(agent.next()).isEqualTo("goaway NOT_ADMITTED");
        assertThat(agent.next()).isEqualTo("disconnected REFUSED");

        verdict = Optional.empty();
        assertThat(relay.connected().host()).isEqualTo(host);
    }

    @Test
    void silentHostIsLostAfterItsLeaseAndComesBack() throws Exception {
        try (Line line = new Line(address)) {
            startClient(line.address(), authority.host(host));
            Tunnel tunnel = relay.connected();
            StreamProbe player = new StreamProbe();
            tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, player);
            player.awaitOpened();

            long before = System.nanoTime();
            line.fallSilent();

            assertThat(relay.next()).isEqualTo("lost SILENT");
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(8));
            assertThat(player.end()).isEqualTo("LINK_LOST");
            line.heal();
            assertThat(relay.connected().host()).isEqualTo(host);
        }
    }

    @Test
    void brokenConnectionIsToldAtOnce() throws Exception {
        try (Line line = new Line(address)) {
            startClient(line.address(), authority.host(host));
            relay.connected();
            // It can only come back to a tunnel that it knows it has.
            assertThat(agent.next()).isEqualTo("connected relay-1");
            line.breakOff();
            assertThat(relay.next()).isEqualTo("broken");
            assertThat(relay.next()).isEqualTo("resumed");
        }
    }

    @Test
    void newerTunnelOfAHostTakesOver() throws Exception {
        startClient();
        Tunnel older = relay.connected();
        startClient();
        Tunnel newer = relay.connected();

        assertThat(relay.next()).isEqualTo("lost REPLACED");
        assertThat(newer).isNotSameAs(older);
    }

    @Test
    void cutHostIsToldWhy() throws Exception {
        startClient();
        relay.connected();
        assertThat(agent.next()).isEqualTo("connected relay-1");
        verdict = Optional.of(GoAwayCode.BLACKLISTED);

        server.cut(host, GoAwayCode.BLACKLISTED);

        assertThat(relay.next()).isEqualTo("lost CUT");
        assertThat(agent.next()).isEqualTo("goaway BLACKLISTED");
        assertThat(server.tunnel(host)).isEmpty();
    }

    @Test
    void servicesAreNoHosts() throws Exception {
        startClient(address, authority.service(ServiceName.DB_PROXY));
        assertThat(agent.next()).startsWith("disconnected");
        assertThat(metrics.drops).contains(DropReason.WRONG_PEER);
        assertThat(server.size()).isZero();
    }

    @Test
    void strangersAreTurnedAwayByTls() throws Exception {
        startClient(address, new TestAuthority().host(host));
        assertThat(agent.next()).startsWith("disconnected");
        assertThat(metrics.drops).contains(DropReason.TLS);
        assertThat(server.size()).isZero();
    }

    @Test
    void hostWhoseCertificateHasExpiredIsTurnedAway() throws Exception {
        String urn = PeerIdentity.HOST_URN + host.value();
        startClient(address, authority.leaf(urn, Instant.now().minusSeconds(60)));
        assertThat(agent.next()).startsWith("disconnected");
        assertThat(metrics.drops).contains(DropReason.TLS);
        assertThat(server.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "474554202f20485454502f312e310d0a0d0a",
                "0d0a0d0a000d0a515549540a21110000",
                "36040100000000000000000000000000000000",
                "16030100050100000100",
                "1603030fff0000",
                "ffffffffffffffffffffffffffffffffffffff"
            })
    void whatIsNoTlsIsCutAndHostsComeInAllTheSame(String hex) throws Exception {
        try (Socket stranger = new Socket(address.getAddress(), address.getPort())) {
            stranger.setSoTimeout(30_000);
            stranger.getOutputStream().write(HexFormat.of().parseHex(hex));
            stranger.shutdownOutput();
            assertThat(isCut(stranger)).isTrue();
        }
        assertThat(server.size()).isZero();
        startClient();
        assertThat(relay.connected().host()).isEqualTo(host);
    }

    @Test
    void whoSaysNothingOrHalfAHelloIsCutInTime() throws Exception {
        try (Socket silent = new Socket(address.getAddress(), address.getPort());
                Socket half = new Socket(address.getAddress(), address.getPort())) {
            silent.setSoTimeout(30_000);
            half.setSoTimeout(30_000);
            half.getOutputStream().write(HexFormat.of().parseHex("1603010200010001fc0303"));
            assertThat(isCut(silent)).isTrue();
            assertThat(isCut(half)).isTrue();
        }
        assertThat(metrics.drops).containsOnly(DropReason.HANDSHAKE_TIMEOUT);
        assertThat(server.size()).isZero();
    }

    /** A crowd of strangers comes at once, then one after the other, faster than places fall free by themselves. */
    @Test
    void hostsGetInWhileStrangersHoldAndTakeAllPlaces() throws Exception {
        server.close();
        startServer(0, RotatingTls.accepting(provider, authority.service(ServiceName.RELAY)), 4);
        startClient();
        assertThat(relay.connected().host()).isEqualTo(host);
        AtomicBoolean over = new AtomicBoolean();
        Thread strangers = Thread.ofVirtual().start(() -> {
            Deque<Socket> silent = new ArrayDeque<>();
            while (!over.get()) {
                try {
                    silent.add(new Socket(address.getAddress(), address.getPort()));
                    if (silent.size() > 100) {
                        silent.remove().close();
                    }
                    // Four places, each safe for a second: whoever comes finds one that is not.
                    TimeUnit.MILLISECONDS.sleep(silent.size() <= 10 ? 0 : 400);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try {
            await().until(() ->
                    metrics.drops.contains(DropReason.MADE_ROOM) && metrics.drops.contains(DropReason.ENTERING_LIMIT));
            for (int i = 0; i < 3; i++) {
                HostId other = HostId.random();
                startClient(address, authority.host(other));
                assertThat(relay.connected().host()).isEqualTo(other);
            }
            assertThat(server.size()).as("whoever is in needs no such place").isEqualTo(4);
        } finally {
            over.set(true);
            strangers.join();
        }
    }

    @Test
    void oneNetworkHasItsShareOfThePort() throws Exception {
        server.close();
        AddressLimits.Share plenty = new AddressLimits.Share(1000, 1000, 1000);
        rules = new AddressLimits.Rules(1000, plenty, new AddressLimits.Share(1, 1000, 1000), 1000);
        startServer(0);
        startClient();
        assertThat(relay.connected().host()).isEqualTo(host);
        try (Socket neighbour =
                new Socket(address.getAddress(), address.getPort(), InetAddress.getByName("127.0.0.9"), 0)) {
            neighbour.setSoTimeout(30_000);
            assertThat(isCut(neighbour)).isTrue();
        }
        try (Socket stranger =
                new Socket(address.getAddress(), address.getPort(), InetAddress.getByName("127.9.0.1"), 0)) {
            stranger.setSoTimeout(300);
            assertThat(isCut(stranger)).isFalse();
        }
        assertThat(metrics.drops.getFirst()).isEqualTo(DropReason.NETWORK_LIMIT);
    }

    private static boolean isCut(Socket socket) throws IOException {
        try {
            // An alert of TLS may come first.
            while (socket.getInputStream().read() >= 0) {}
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void agentTalksToNobodyButARelay() throws Exception {
        server.close();
        startServer(0, authority.service(ServiceName.METRICS));
        startClient();
        assertThat(agent.next()).isEqualTo("disconnected WRONG_PEER");
    }

    @Test
    void withoutACertificateNobodyIsLetIn() throws Exception {
        server.close();
        RotatingTls tls = RotatingTls.accepting(provider);
        startServer(0, tls);
        startClient();
        assertThat(agent.next()).startsWith("disconnected");
        assertThat(metrics.drops).contains(DropReason.NO_CERTIFICATE);

        tls.replace(authority.service(ServiceName.RELAY));

        assertThat(relay.connected().host()).isEqualTo(host);
    }

    @Test
    void agentReturnsWhenTheRelayDoes() throws Exception {
        startClient();
        relay.connected();
        server.close();
        assertThat(relay.next()).isEqualTo("lost SHUTDOWN");

        startServer(address.getPort());

        assertThat(relay.connected().host()).isEqualTo(host);
    }
}
