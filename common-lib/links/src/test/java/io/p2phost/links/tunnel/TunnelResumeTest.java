package io.p2phost.links.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.Place;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.frame.StreamState;
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
import io.p2phost.links.testing.RawPeer;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels whose connections break, come back, are replaced and have others beside them. */
@ExtendWith(LeakGuard.class)
@ParameterizedClass
@MethodSource("io.p2phost.links.testing.TlsProviders#here")
class TunnelResumeTest {
    private static final MapName MAP = MapName.of("prontera");
    private static final Epoch EPOCH = Epoch.of(7);
    private static final int WINDOW = 262_144;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(1);
    private static final CloseReason[] REPLACED = {CloseReason.REPLACED, CloseReason.GOING_AWAY};
    private static final Duration SHORT = Duration.ofMillis(300);

    @Parameter
    private TlsProvider provider;

    private final TestAuthority authority = new TestAuthority();
    private final HostId host = HostId.random();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final RelayEvents relay = new RelayEvents();
    private final AgentEvents agent = new AgentEvents();
    private final EchoServer cell = new EchoServer();
    private LinkTransport transport;
    private TunnelServer server;
    private Line line;
    private @Nullable TunnelClient client;
    private InetSocketAddress address;

    @BeforeEach
    void start() {
        transport = LinkTransport.start("test", 2);
        agent.cell = cell.address();
    }

    private void startServer(Duration resumeWithin) {
        startServer(resumeWithin, Duration.ofHours(1));
    }

    private void startServer(Duration resumeWithin, Duration keyChange) {
        server = new TunnelServer(
                new TunnelServer.Options(
                        "relay-1",
                        LinkSettings.defaults()
                                .withLiveness(Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofMillis(50)),
                        new AddressLimits.Rules(1000, 1000, 1000, 1000, 1000),
                        100,
                        resumeWithin,
                        4,
                        keyChange),
                RotatingTls.accepting(provider, authority.service(ServiceName.RELAY)),
                transport,
                id -> CompletableFuture.completedFuture(Optional.empty()),
                relay,
                metrics);
        address = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        line = new Line(address);
    }

    private Tunnel startClient(UnaryOperator<TunnelClient.Options> with) throws Exception {
        return startClient(line.address(), with);
    }

    private Tunnel startClient(InetSocketAddress to, UnaryOperator<TunnelClient.Options> with) throws Exception {
        client = new TunnelClient(
                with.apply(TunnelClient.Options.of(to, "agent/test")
                        .withSettings(LinkSettings.defaults()
                                .withLiveness(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofMillis(50)))
                        .withRetry(Duration.ofMillis(20), Duration.ofMillis(100))
                        .withResumeWithin(LONG)),
                RotatingTls.connecting(authority.host(host)),
                transport,
                new DialPlaces(),
                agent,
                metrics);
        client.start();
        return relay.connected();
    }

    private TunnelClient client() {
        if (client == null) {
            throw new IllegalStateException("client: none (expected: started)");
        }
        return client;
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
        }
        line.close();
        server.close();
        transport.close();
        cell.close();
    }

    // ---- honest ends, bad line ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void bytesAreAllThereInOrderWhereverTheLineBreaks(int seed) throws Exception {
        startServer(LONG);
        Tunnel tunnel = startClient(with -> with);
        Random random = new Random(seed);
        List<Player> players = players(tunnel, 12, 400_000, random);
        AtomicInteger breaks = new AtomicInteger();
        AtomicInteger lastCame = new AtomicInteger();
        await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> {
                    int came = players.stream().mapToInt(Player::came).sum();
                    if (line.untilBreak() <= 0 && came >= lastCame.get() + 100_000) {
                        lastCame.set(came);
                        line.breakOffAfter(1 + random.nextInt(random.nextInt(3) == 0 ? 8_000 : 1_000_000));
                        breaks.incrementAndGet();
                    }
                    assertThat(players).extracting(Player::ended).containsOnly("");
                    return players.stream().allMatch(Player::isDone);
                });
        line.breakOffAfter(0);
        assertThat(breaks).hasValueGreaterThan(5);
        assertThat(players).allSatisfy(Player::check);
        assertThat(metrics.resumed).hasPositiveValue();
        assertThat(metrics.expired).hasValue(0);
        players.forEach(Player::leave);
        await().until(() -> metrics.buffered.get() == 0 && tunnel.streams() == 0);
    }

    @Test
    void tunnelThatStaysAwayLosesItsStreamsOnBothEnds() throws Exception {
        startServer(SHORT);
        Tunnel tunnel = startClient(with -> with.withResumeWithin(SHORT));
        StreamProbe player = talking(tunnel);

        line.fallSilent();
        line.breakOff();

        assertThat(relay.next()).isEqualTo("broken");
        assertThat(relay.next()).isEqualTo("lost PEER_CLOSED");
        assertThat(player.end()).isEqualTo("LINK_LOST");
        await().until(() -> client().streams() == 0);
        assertThat(metrics.expired).as("on both ends").hasValue(2);
        StreamProbe late = new StreamProbe();
        tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, late);
        assertThat(late.end()).isEqualTo("LINK_LOST");
        line.heal();
        line.breakOff();
        talking(relay.connected());
    }

    @Test
    void hostThatSaysGoodbyeIsNotWaitedFor() throws Exception {
        startServer(LONG);
        StreamProbe player = talking(startClient(with -> with));

        client().close();

        assertThat(relay.next()).isEqualTo("lost GOING_AWAY");
        assertThat(player.end()).isEqualTo("LINK_LOST");
    }

    @Test
    void connectionThatFallsSilentIsReplacedBeforeItsLeaseIsOver() throws Exception {
        startServer(LONG);
        StreamProbe player = talking(startClient(with -> with));

        line.strand();
        player.write(" and on");

        player.awaitText("hello and on");
        assertThat(relay.next()).as("never without a connection").isEqualTo("resumed");
        assertThat(metrics.closes).doesNotContain(CloseReason.SILENT);
    }

    @Test
    void fenceWhileStreamsWaitEndsThoseOfTheMapAtOnce() throws Exception {
        startServer(LONG);
        Tunnel tunnel = startClient(with -> with);
        StreamProbe player = talking(tunnel);
        StreamProbe other = new StreamProbe();
        tunnel.open(MapName.of("payon"), EPOCH, SourceAddress.NONE, Bytes.NONE, other);
        other.awaitOpened();
        line.fallSilent();
        line.breakOff();
        assertThat(relay.next()).isEqualTo("broken");
        assertThat(tunnel.isUp()).isFalse();
        assertThat(tunnel.streams()).isEqualTo(2);

        tunnel.fence(MAP, EPOCH.next());

        assertThat(player.end()).isEqualTo("RESET FENCED");
        line.heal();
        line.breakOff();
        assertThat(relay.next()).isEqualTo("resumed");
        other.write("still here");
        other.awaitText("still here");
        await().until(() -> client().streams() == 1);
    }

    @Test
    void cutOfTheHostEndsItsWaitingStreams() throws Exception {
        startServer(LONG);
        StreamProbe player = talking(startClient(with -> with));
        line.fallSilent();
        line.breakOff();
        assertThat(relay.next()).isEqualTo("broken");

        server.cut(HostId.random(), GoAwayCode.BLACKLISTED);
        server.cut(host, GoAwayCode.BLACKLISTED);

        assertThat(relay.next()).isEqualTo("lost CUT");
        assertThat(player.end()).isEqualTo("RESET");
    }

    @Test
    void mapThatTheHostNoLongerServesLosesItsWaitingStreams() throws Exception {
        startServer(LONG);
        StreamProbe player = talking(startClient(with -> with));
        line.fallSilent();
        line.breakOff();
        await().until(() -> !client().isConnected());

        client().drop(MAP, EPOCH.next(), ResetCode.NOT_SERVED);

        await().until(() -> client().streams() == 0);
        line.heal();
        line.breakOff();
        assertThat(player.end()).isEqualTo("LINK_LOST");
    }

    // ---- keys ----

    @Test
    void keysChangeInsideRunningTrafficWithoutLoss() throws Exception {
        startServer(LONG, Duration.ofMillis(100));
        Tunnel tunnel = startClient(address, with -> with);
        List<Player> players = players(tunnel, 20, 1_500_000, new Random(5));

        await().atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(players).extracting(Player::ended).containsOnly("");
            return players.stream().allMatch(Player::isDone) && metrics.closes.size() >= 40;
        });

        assertThat(players).allSatisfy(Player::check);
        assertThat(metrics.closes).as("whichever end hears of it first").isSubsetOf(REPLACED);
        assertThat(metrics.expired).hasValue(0);
        while (!relay.isQuiet()) {
            assertThat(relay.next()).isEqualTo("resumed");
        }
        players.forEach(Player::leave);
    }

    @Test
    void streamsAreOpenedWhileKeysChange() throws Exception {
        startServer(LONG, Duration.ofMillis(30));
        Tunnel tunnel = startClient(address, with -> with);
        for (int i = 0; i < 300; i++) {
            StreamProbe player = talking(tunnel);
            player.finish();
            assertThat(player.end()).isEqualTo("FINISHED");
        }
        assertThat(metrics.closes).contains(CloseReason.REPLACED).isSubsetOf(REPLACED);
    }

    @Test
    void longPathIsFilledByAWindowThatGrows() throws Exception {
        startServer(LONG);
        line.delay(Duration.ofMillis(250));
        int bytes = 8 << 20;
        try (ServerSocket sink = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            agent.cell = (InetSocketAddress) sink.getLocalSocketAddress();
            Tunnel tunnel = startClient(with -> with);
            Player player = new Player(new byte[bytes]);
            await().until(() -> metrics.roundTrips.get() >= 2);
            tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, player);
            try (Socket cellEnd = sink.accept()) {
                assertThat(cellEnd.getInputStream().readNBytes(bytes)).hasSize(bytes);
                assertThat(line.mostUnderWay()).isGreaterThan(2 * WINDOW);
            }
        }
    }

    // ---- several connections ----

    @Test
    void moreStreamsHaveMoreConnectionsUpToTheBound() throws Exception {
        startServer(LONG);
        Tunnel tunnel = startClient(with -> with);
        List<StreamProbe> players = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            players.add(talking(tunnel));
        }
        assertThat(client().connections()).isOne();
        for (int i = 0; i < 60; i++) {
            players.add(talking(tunnel));
        }
        await().until(() -> client().connections() == 4);
        for (int i = 0; i < 20; i++) {
            players.add(talking(tunnel));
        }
        assertThat(tunnel.streams()).isEqualTo(87);
        assertThat(client().connections()).isEqualTo(4);

        line.breakOff();

        assertThat(relay.next()).isEqualTo("broken");
        for (StreamProbe player : players) {
            player.write(" again");
            player.awaitText("hello again");
        }
        await().until(() -> client().connections() == 4);
        client().close();
        assertThat(relay.next()).isEqualTo("resumed");
        assertThat(relay.next()).isEqualTo("lost GOING_AWAY");
        for (StreamProbe player : players) {
            assertThat(player.end()).isEqualTo("LINK_LOST");
        }
    }

    @Test
    void tunnelStandsAsLongAsOneConnectionDoesAndTheOthersComeBack() throws Exception {
        startServer(LONG);
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            ResumeToken leader = hello(first, Place.LEADS, ResumeToken.NONE).token();
            Tunnel tunnel = relay.connected();
            StreamProbe onFirst = new StreamProbe();
            tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, onFirst);
            assertThat(first.next()).isEqualTo(new Frame.Open(1, MAP, EPOCH, 0, Bytes.NONE));
            first.send(new Frame.Opened(1));
            onFirst.awaitOpened();
            StreamProbe onSecond = new StreamProbe();
            ResumeToken beside;
            try (RawPeer second = new RawPeer(address, authority.host(host))) {
                Frame.Welcome welcome = hello(second, Place.BESIDE, leader);
                assertThat(welcome.resumed()).isFalse();
                beside = welcome.token();
                second.send(new Frame.Ping(1));
                assertThat(second.next()).isEqualTo(new Frame.Pong(1));
                tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, onSecond);
                assertThat(second.next())
                        .as("the least loaded")
                        .isEqualTo(new Frame.Open(1, MAP, EPOCH, 0, Bytes.NONE));
                second.send(new Frame.Opened(1));
                onSecond.awaitOpened();
                tunnel.assign(MAP, EPOCH, CellRole.PRIMARY);
                assertThat(first.next()).isEqualTo(new Frame.Assign(MAP, EPOCH, CellRole.PRIMARY));
            }
            try (RawPeer third = new RawPeer(address, authority.host(host))) {
                third.send(new Frame.Hello(Frame.VERSION, WINDOW, Place.BESIDE, beside, "raw"));
                assertThat(((Frame.Welcome) third.next()).resumed()).isTrue();
                assertThat(third.next()).isEqualTo(new Frame.Streams(List.of(new StreamState(1, 0, 0, false))));
                third.send(new Frame.Streams(List.of(new StreamState(1, 0, 0, false))));
                onSecond.write("x");
                assertThat(text(third.next())).isEqualTo("x");
            }
            assertThat(relay.isQuiet()).as("never without a connection").isTrue();
        }
        assertThat(relay.next()).isEqualTo("broken");
    }

    @Test
    void connectionBesideNothingOrBesideTooManyIsTurnedAway() throws Exception {
        startServer(LONG);
        List<RawPeer> peers = new ArrayList<>();
        try {
            RawPeer first = peer(peers);
            ResumeToken leader = hello(first, Place.LEADS, ResumeToken.NONE).token();
            relay.connected();
            for (int i = 1; i < 4; i++) {
                assertThat(hello(peer(peers), Place.BESIDE, leader).resumed()).isFalse();
            }
            for (ResumeToken token : List.of(leader, ResumeToken.NONE, new ResumeToken(1, 2))) {
                RawPeer refused = peer(peers);
                refused.send(new Frame.Hello(Frame.VERSION, WINDOW, Place.BESIDE, token, "raw"));
                assertThat(refused.next()).isEqualTo(new Frame.GoAway(GoAwayCode.NO_SUCH_TUNNEL, ""));
                assertThat(refused.next()).isNull();
            }
            try (RawPeer thief = new RawPeer(address, authority.host(HostId.random()))) {
                thief.send(new Frame.Hello(Frame.VERSION, WINDOW, Place.BESIDE, leader, "raw"));
                assertThat(thief.next()).isEqualTo(new Frame.GoAway(GoAwayCode.NO_SUCH_TUNNEL, ""));
            }
            // Who only carries streams has no say.
            peers.get(1).send(new Frame.Ready(MAP, EPOCH, true, "me too"));
            await().untilAsserted(() -> assertThat(metrics.closes).containsExactly(CloseReason.PROTOCOL));
            assertThat(relay.isQuiet()).isTrue();
        } finally {
            for (RawPeer peer : peers) {
                peer.close();
            }
        }
    }

    // ---- rogue ends ----

    @Test
    void tokenIsOfOneHostAndOneUse() throws Exception {
        startServer(LONG);
        ResumeToken token;
        StreamProbe player = new StreamProbe();
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            token = hello(first, Place.LEADS, ResumeToken.NONE).token();
            open(relay.connected(), player, first);
        }
        assertThat(relay.next()).isEqualTo("broken");
        HostId other = HostId.random();
        try (RawPeer thief = new RawPeer(address, authority.host(other))) {
            assertThat(hello(thief, Place.LEADS, token).resumed()).isFalse();
            assertThat(relay.connected().host()).isEqualTo(other);
        }
        assertThat(relay.next()).isEqualTo("broken");
        try (RawPeer second = new RawPeer(address, authority.host(host))) {
            assertThat(hello(second, Place.LEADS, token).resumed()).isTrue();
            assertThat(relay.next()).isEqualTo("resumed");
            assertThat(second.next()).isEqualTo(new Frame.Streams(List.of(new StreamState(1, 0, 0, false))));
            second.send(new Frame.Streams(List.of(new StreamState(1, 0, 0, false))));
            player.write("x");
            assertThat(text(second.next())).isEqualTo("x");
        }
        assertThat(relay.next()).isEqualTo("broken");
        try (RawPeer used = new RawPeer(address, authority.host(host))) {
            assertThat(hello(used, Place.LEADS, token).resumed()).isFalse();
            assertThat(relay.next()).isEqualTo("lost REPLACED");
            assertThat(player.end()).isEqualTo("LINK_LOST");
        }
    }

    @Test
    void streamWhoseOpenWasNotAnsweredIsOpenedAnew() throws Exception {
        startServer(LONG);
        ResumeToken token;
        StreamProbe player = new StreamProbe();
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            token = hello(first, Place.LEADS, ResumeToken.NONE).token();
            relay.connected().open(MAP, EPOCH, 0x7f400001, Bytes.NONE, player);
            assertThat(first.next()).isEqualTo(new Frame.Open(1, MAP, EPOCH, 0x7f400001, Bytes.NONE));
        }
        assertThat(relay.next()).isEqualTo("broken");
        try (RawPeer second = new RawPeer(address, authority.host(host))) {
            assertThat(hello(second, Place.LEADS, token).resumed()).isTrue();
            assertThat(second.next()).isEqualTo(new Frame.Streams(List.of()));
            assertThat(second.next()).isEqualTo(new Frame.Open(2, MAP, EPOCH, 0x7f400001, Bytes.NONE));
            // It did reach its cell under the old number; that is nobody's any more.
            second.send(new Frame.Streams(List.of(new StreamState(1, 0, 0, false))));
            second.send(new Frame.Opened(2));
            player.write("hello");
            assertThat(text(second.next())).isEqualTo("hello");
        }
    }

    /** What an idle stream has sent is not kept: the peer says within a ping that it has come. */
    @Test
    void littleThatHasArrivedIsAcknowledgedSoon() throws Exception {
        startServer(LONG);
        try (RawPeer peer = new RawPeer(address, authority.host(host))) {
            hello(peer, Place.LEADS, ResumeToken.NONE);
            StreamProbe player = new StreamProbe();
            open(relay.connected(), player, peer);
            peer.send(1, "hello".getBytes(StandardCharsets.UTF_8));
            assertThat(peer.next()).isEqualTo(new Frame.Window(1, 69));
        }
    }

    // ---- helpers ----

    private RawPeer peer(List<RawPeer> peers) throws IOException {
        RawPeer peer = new RawPeer(address, authority.host(host));
        peers.add(peer);
        return peer;
    }

    private static Frame.Welcome hello(RawPeer peer, Place place, ResumeToken token) throws IOException {
        peer.send(new Frame.Hello(Frame.VERSION, WINDOW, place, token, "raw"));
        return (Frame.Welcome) peer.next();
    }

    private static void open(Tunnel tunnel, StreamProbe player, RawPeer peer) throws Exception {
        tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, player);
        assertThat(peer.next()).isEqualTo(new Frame.Open(1, MAP, EPOCH, 0, Bytes.NONE));
        peer.send(new Frame.Opened(1));
        player.awaitOpened();
    }

    private static StreamProbe talking(Tunnel tunnel) throws Exception {
        StreamProbe player = new StreamProbe();
        tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, player);
        player.write("hello");
        player.awaitText("hello");
        return player;
    }

    private static String text(@Nullable Frame frame) {
        assertThat(frame).isInstanceOf(Frame.Data.class);
        ByteBuf payload = ((Frame.Data) frame).payload();
        try {
            return payload.toString(StandardCharsets.UTF_8);
        } finally {
            payload.release();
        }
    }

    private static List<Player> players(Tunnel tunnel, int count, int bytes, Random random) {
        List<Player> players = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] sent = new byte[bytes];
            random.nextBytes(sent);
            Player player = new Player(sent);
            players.add(player);
            tunnel.open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, player);
        }
        return players;
    }

    /** Sends a lot as fast as it is taken, and reads the echo. */
    private static final class Player implements StreamListener {
        private static final int PIECE = 5_000;

        private final byte[] toSend;
        private final ByteArrayOutputStream echo = new ByteArrayOutputStream();
        private int sent;
        private volatile int came;
        private volatile String end = "";
        private volatile @Nullable LinkStream stream;

        Player(byte[] toSend) {
            this.toSend = toSend;
        }

        boolean isDone() {
            return came == toSend.length;
        }

        int came() {
            return came;
        }

        String ended() {
            return end;
        }

        void check() {
            assertThat(echo.toByteArray()).isEqualTo(toSend);
        }

        void leave() {
            LinkStream own = stream;
            if (own != null) {
                own.reset(ResetCode.CONNECTION_RESET);
            }
        }

        @Override
        public void opening(LinkStream opened) {
            stream = opened;
        }

        @Override
        public void opened(LinkStream to) {
            writable(to);
        }

        @Override
        public void writable(LinkStream to) {
            boolean goOn = true;
            while (goOn && sent < toSend.length) {
                int bytes = Math.min(PIECE, toSend.length - sent);
                ByteBuf piece = Unpooled.wrappedBuffer(toSend, sent, bytes);
                sent += bytes;
                goOn = to.write(piece);
            }
        }

        @Override
        public void data(LinkStream from, ByteBuf payload) {
            byte[] bytes = ByteBufUtil.getBytes(payload);
            payload.release();
            echo.writeBytes(bytes);
            from.consumed(bytes.length);
            came = echo.size();
        }

        @Override
        public void finished(LinkStream from) {}

        @Override
        public void closed(LinkStream from, StreamEnd how) {
            end = how + " " + from.resetCode();
        }
    }
}
