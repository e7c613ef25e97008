package io.p2phost.links.charlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.frame.StreamState;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.EchoStream;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.Line;
import io.p2phost.links.testing.RawPeer;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
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

/** Char links that break and come back, and those that must not. */
@ExtendWith(LeakGuard.class)
@ParameterizedClass
@MethodSource("io.p2phost.links.testing.TlsProviders#here")
class ResumeTest {
    private static final MapName MAP = MapName.of("izlude");
    private static final Epoch EPOCH = Epoch.of(3);
    private static final int WINDOW = 262_144;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    @Parameter
    private TlsProvider provider;

    private final TestAuthority authority = new TestAuthority();
    private final HostId host = HostId.random();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final BlockingQueue<String> agentEvents = new LinkedBlockingQueue<>();
    private final List<String> streamEnds = new CopyOnWriteArrayList<>();
    private final AtomicInteger cells = new AtomicInteger();
    private volatile Function<CharLinkHello, CompletionStage<CharLinkVerdict>> judge =
            claim -> CompletableFuture.completedFuture(CharLinkVerdict.accept());
    private LinkTransport transport;
    private CharLinkServer server;
    private Line line;
    private @Nullable CharLinkClient client;
    private InetSocketAddress address;
    private InetSocketAddress local = new InetSocketAddress(0);

    @BeforeEach
    void start() {
        transport = LinkTransport.start("test", 2);
    }

    private void startServer(Duration resumeWithin) {
        server = new CharLinkServer(
                new CharLinkServer.Options(
                        LinkSettings.defaults(),
                        new AddressLimits.Rules(1000, 1000, 1000, 1000, 1000),
                        100,
                        resumeWithin),
                RotatingTls.accepting(provider, authority.service(ServiceName.DB_PROXY)),
                transport,
                claim -> judge.apply(claim),
                claim -> new Cell(),
                metrics);
        address = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        line = new Line(address);
    }

    private void startClient(Duration resumeWithin) {
        CellDoor door = CellDoor.open(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        local = door.address();
        client = new CharLinkClient(
                CharLinkClient.Options.of(line.address(), new CharLinkHello(host, MAP, EPOCH, CellRole.PRIMARY))
                        .withRetry(Duration.ofMillis(20), Duration.ofMillis(100))
                        .withResumeWithin(resumeWithin),
                door,
                RotatingTls.connecting(authority.host(host)),
                transport,
                new AgentEvents(),
                metrics);
        client.start();
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
        }
        line.close();
        server.close();
        transport.close();
    }

    // ---- honest ends, bad line ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void bytesAreAllThereInOrderWhereverTheLineBreaks(int seed) throws Exception {
        startServer(LONG);
        startClient(LONG);
        awaitEvent("accepted");
        Random random = new Random(seed);
        byte[] bytes = new byte[3_000_000];
        for (int i = 0; i < bytes.length; i += 1 + random.nextInt(12)) {
            bytes[i] = (byte) random.nextInt();
        }
        try (Socket cell = connect()) {
            Thread writer = Thread.ofVirtual().start(() -> write(cell, bytes));
            int breaks = 0;
            byte[] back = new byte[bytes.length];
            for (int read = 0; read < back.length; ) {
                if (line.untilBreak() <= 0) {
                    // Every third in TLS or hello already.
                    line.breakOffAfter(1 + random.nextInt(random.nextInt(3) == 0 ? 8_000 : 400_000));
                    breaks++;
                }
                int n = cell.getInputStream().read(back, read, Math.min(100_000, back.length - read));
                assertThat(n)
                        .as(
                                "after %s bytes, %s breaks: %s, %s, %s, %s",
                                read, breaks, agentEvents, streamEnds, metrics.drops, metrics.closes)
                        .isPositive();
                read += n;
            }
            assertThat(Arrays.equals(back, bytes)).isTrue();
            assertThat(breaks).isGreaterThan(5);
            assertThat(streamEnds).isEmpty();
            writer.join();
        }
        line.breakOffAfter(0);
        assertThat(cells).hasValue(1);
        await().untilAsserted(() -> assertThat(streamEnds).hasSize(1));
        await().untilAsserted(() -> assertThat(metrics.buffered).hasValue(0));
    }

    @Test
    void endsThatFallIntoTheGapAreToldAfterIt() throws Exception {
        startServer(LONG);
        startClient(LONG);
        awaitEvent("accepted");
        try (Socket cell = connect()) {
            echo(cell, "before");
            line.fallSilent();
            line.breakOff();
            awaitEvent("disconnected PEER_CLOSED");
            cell.getOutputStream().write("in between".getBytes(StandardCharsets.UTF_8));
            cell.shutdownOutput();
            line.heal();
            line.breakOff();

            assertThat(new String(cell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("in between");
        }
        await().untilAsserted(() -> assertThat(streamEnds).containsExactly("FINISHED"));
        assertThat(cells).hasValue(1);
    }

    @Test
    void linkThatStaysAwayLosesItsStreamOnBothEnds() throws Exception {
        startServer(SHORT);
        startClient(SHORT);
        awaitEvent("accepted");
        try (Socket cell = connect()) {
            echo(cell, "x");
            line.fallSilent();
            line.breakOff();

            await().untilAsserted(() -> assertThat(streamEnds).containsExactly("LINK_LOST"));
            assertThat(cell.getInputStream().read()).isNegative();
        }
        line.heal();
        line.breakOff();
        await().until(() -> client != null && client.isAccepted());
        try (Socket cell = connect()) {
            echo(cell, "again");
        }
        assertThat(cells).hasValue(2);
    }

    /** The map-server must not take it for its char-server any longer: what it says meanwhile would be lost. */
    @Test
    void linkWhosePeerEndedLosesItsStreamAtOnce() throws Exception {
        startServer(LONG);
        startClient(LONG);
        awaitEvent("accepted");
        try (Socket cell = connect()) {
            echo(cell, "x");
            line.hangUp();
            awaitEvent("disconnected PEER_ENDED");
            cell.setSoTimeout(10_000);
            assertThat(ended(cell)).isTrue();
        }
        line.breakOff();
        await().until(() -> client != null && client.isAccepted());
        try (Socket cell = connect()) {
            echo(cell, "again");
        }
        assertThat(cells).hasValue(2);
    }

    @Test
    void fenceWhileTheStreamWaitsEndsItAtOnce() throws Exception {
        startServer(LONG);
        startClient(LONG);
        awaitEvent("accepted");
        try (Socket cell = connect()) {
            echo(cell, "x");
            line.fallSilent();
            line.breakOff();
            await().until(() -> server.size() == 0);

            judge = claim -> CompletableFuture.completedFuture(
                    CharLinkVerdict.refuse(RefusalReason.STALE_EPOCH, Epoch.of(4), "gone"));
            server.fence(MAP, Epoch.of(4)).get(30, TimeUnit.SECONDS);

            assertThat(streamEnds).containsExactly("RESET");
            line.heal();
            line.breakOff();
            awaitEvent("refused STALE_EPOCH 4 gone");
            cell.setSoTimeout(10_000);
            assertThat(ended(cell)).isTrue();
        }
    }

    @Test
    void cutOfTheHostEndsItsWaitingStreams() throws Exception {
        startServer(LONG);
        startClient(LONG);
        awaitEvent("accepted");
        try (Socket cell = connect()) {
            echo(cell, "x");
            line.fallSilent();
            line.breakOff();
            await().until(() -> server.size() == 0);

            server.cut(HostId.random(), GoAwayCode.BLACKLISTED);
            server.fence(MAP, EPOCH).get(30, TimeUnit.SECONDS);
            assertThat(streamEnds).isEmpty();
            server.cut(host, GoAwayCode.BLACKLISTED);

            await().untilAsserted(() -> assertThat(streamEnds).containsExactly("RESET"));
        }
    }

    @Test
    void standbyThatIsPromotedWhileItsStreamWaitsGoesOnAsTheMapsServer() throws Exception {
        startServer(LONG);
        CharLinkHello standby = new CharLinkHello(host, MAP, EPOCH, CellRole.STANDBY);
        CharLinkHello promoted = new CharLinkHello(host, MAP, EPOCH.next(), CellRole.PRIMARY);
        List<CharLinkHello> judged = new CopyOnWriteArrayList<>();
        judge = claim -> {
            judged.add(claim);
            return CompletableFuture.completedFuture(CharLinkVerdict.accept());
        };
        ResumeToken token;
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            first.send(claim(standby, ResumeToken.NONE));
            token = ((Frame.Accepted) first.next()).token();
            openAndSay(first, 1, "hello");
        }
        await().until(() -> server.size() == 0);

        server.promote(host, MAP, EPOCH.next());
        server.fence(MAP, EPOCH.next()).get(30, TimeUnit.SECONDS);

        assertThat(streamEnds).isEmpty();
        try (RawPeer second = new RawPeer(address, authority.host(host))) {
            second.send(claim(standby, token));
            assertThat(((Frame.Accepted) second.next()).resumed()).isTrue();
            assertThat(judged).containsExactly(standby, promoted);
            await().untilAsserted(() -> assertThat(server.links()).containsExactly(promoted));
        }
        await().until(() -> server.size() == 0);
        server.fence(MAP, EPOCH.next().next()).get(30, TimeUnit.SECONDS);
        assertThat(streamEnds).containsExactly("RESET");
    }

    @Test
    void standbysWaitingStreamIsNotFenced() throws Exception {
        startServer(LONG);
        CharLinkHello standby = new CharLinkHello(host, MAP, EPOCH, CellRole.STANDBY);
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            first.send(claim(standby, ResumeToken.NONE));
            assertThat(first.next()).isInstanceOf(Frame.Accepted.class);
            openAndSay(first, 1, "hello");
        }
        await().until(() -> server.size() == 0);
        server.fence(MAP, EPOCH.next()).get(30, TimeUnit.SECONDS);
        assertThat(streamEnds).isEmpty();
    }

    // ---- rogue ends ----

    @Test
    void tokenIsOfOneHostOneEpochAndOneUse() throws Exception {
        startServer(LONG);
        HostId other = HostId.random();
        ResumeToken token;
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            token = hello(first, host, EPOCH, ResumeToken.NONE).token();
            openAndSay(first, 1, "hello");
        }
        await().until(() -> server.size() == 0);
        try (RawPeer thief = new RawPeer(address, authority.host(other))) {
            assertThat(hello(thief, other, EPOCH, token).resumed()).isFalse();
        }
        try (RawPeer guess = new RawPeer(address, authority.host(other))) {
            assertThat(hello(guess, other, EPOCH, ResumeToken.NONE).resumed()).isFalse();
        }
        assertThat(streamEnds).isEmpty();
        ResumeToken next;
        try (RawPeer second = new RawPeer(address, authority.host(host))) {
            Frame.Accepted accepted = hello(second, host, EPOCH, token);
            assertThat(accepted.resumed()).isTrue();
            assertThat(second.next()).isEqualTo(new Frame.Streams(List.of(new StreamState(1, 5, 0, false))));
            // Read its answer, did not give the window back.
            second.send(new Frame.Streams(List.of(new StreamState(1, 5, 69, false))));
            second.send(1, "again".getBytes(StandardCharsets.UTF_8));
            assertThat(text(second.next())).isEqualTo("again");
            next = accepted.token();
        }
        await().until(() -> server.size() == 0);
        assertThat(streamEnds).isEmpty();
        try (RawPeer used = new RawPeer(address, authority.host(host))) {
            assertThat(hello(used, host, EPOCH, token).resumed()).isFalse();
        }
        await().untilAsserted(() -> assertThat(streamEnds).containsExactly("LINK_LOST"));
        try (RawPeer late = new RawPeer(address, authority.host(host))) {
            assertThat(hello(late, host, EPOCH, next).resumed()).isFalse();
        }
    }

    @Test
    void higherEpochIsAnotherClaim() throws Exception {
        startServer(LONG);
        ResumeToken token;
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            token = hello(first, host, EPOCH, ResumeToken.NONE).token();
            openAndSay(first, 1, "hello");
        }
        await().until(() -> server.size() == 0);
        try (RawPeer second = new RawPeer(address, authority.host(host))) {
            assertThat(hello(second, host, EPOCH.next(), token).resumed()).isFalse();
            await().untilAsserted(() -> assertThat(streamEnds).containsExactly("LINK_LOST"));
        }
    }

    @Test
    void acceptanceThatWasLostOnTheWayCanBeAskedForAgain() throws Exception {
        startServer(LONG);
        ResumeToken token;
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            token = hello(first, host, EPOCH, ResumeToken.NONE).token();
            openAndSay(first, 1, "hello");
        }
        for (int i = 0; i < 3; i++) {
            try (RawPeer unlucky = new RawPeer(address, authority.host(host))) {
                assertThat(hello(unlucky, host, EPOCH, token).resumed())
                        .as("time %s", i)
                        .isTrue();
            }
        }
        assertThat(streamEnds).isEmpty();
    }

    @Test
    void linkWhoseEndWasNotNoticedIsTakenOver() throws Exception {
        startServer(LONG);
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            ResumeToken token = hello(first, host, EPOCH, ResumeToken.NONE).token();
            openAndSay(first, 1, "hello");
            try (RawPeer second = new RawPeer(address, authority.host(host))) {
                assertThat(hello(second, host, EPOCH, token).resumed()).isTrue();
                assertThat(first.next()).isEqualTo(new Frame.GoAway(GoAwayCode.REPLACED, ""));
                assertThat(second.next()).isInstanceOf(Frame.Streams.class);
                second.send(new Frame.Streams(List.of(new StreamState(1, 0, 0, false))));

                assertThat(text(second.next())).as("sent again").isEqualTo("hello");
                assertThat(server.size()).isOne();
                assertThat(streamEnds).isEmpty();
            }
        }
    }

    /** A token is good until its host is known to have the next one: of two at once the last goes on, alone. */
    @Test
    void ofTwoAtOnceTheLastGoesOnAlone() throws Exception {
        startServer(LONG);
        ResumeToken token;
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            token = hello(first, host, EPOCH, ResumeToken.NONE).token();
            openAndSay(first, 1, "hello");
        }
        await().until(() -> server.size() == 0);
        BlockingQueue<CompletableFuture<CharLinkVerdict>> asked = new LinkedBlockingQueue<>();
        judge = claim -> {
            CompletableFuture<CharLinkVerdict> verdict = new CompletableFuture<>();
            asked.add(verdict);
            return verdict;
        };
        try (RawPeer one = new RawPeer(address, authority.host(host));
                RawPeer two = new RawPeer(address, authority.host(host))) {
            one.send(claim(host, EPOCH, token));
            CompletableFuture<CharLinkVerdict> firstVerdict = asked.poll(30, TimeUnit.SECONDS);
            two.send(claim(host, EPOCH, token));
            CompletableFuture<CharLinkVerdict> secondVerdict = asked.poll(30, TimeUnit.SECONDS);

            firstVerdict.complete(CharLinkVerdict.accept());
            secondVerdict.complete(CharLinkVerdict.accept());

            assertThat(((Frame.Accepted) one.next()).resumed()).isTrue();
            assertThat(one.next()).isInstanceOf(Frame.Streams.class);
            assertThat(one.next()).isEqualTo(new Frame.GoAway(GoAwayCode.REPLACED, ""));
            assertThat(one.next()).isNull();
            assertThat(((Frame.Accepted) two.next()).resumed()).isTrue();
            assertThat(two.next()).isInstanceOf(Frame.Streams.class);
            two.send(new Frame.Streams(List.of(new StreamState(1, 5, 69, false))));
            two.send(1, "still one".getBytes(StandardCharsets.UTF_8));
            assertThat(text(two.next())).isEqualTo("still one");
            assertThat(server.size()).isOne();
            assertThat(streamEnds).isEmpty();
        }
        judge = claim -> CompletableFuture.completedFuture(CharLinkVerdict.accept());
        try (RawPeer used = new RawPeer(address, authority.host(host))) {
            assertThat(hello(used, host, EPOCH, token).resumed()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "more than was sent",
                "less than was acknowledged",
                "inside a frame",
                "too much held",
                "finished",
                "not at all"
            })
    void peerThatLiesAboutItsStreamLosesIt(String lie) throws Exception {
        startServer(LONG);
        ResumeToken token;
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            token = hello(first, host, EPOCH, ResumeToken.NONE).token();
            openAndSay(first, 1, "hello");
            first.send(new Frame.Window(1, 69));
            first.send(1, "world".getBytes(StandardCharsets.UTF_8));
            assertThat(text(first.next())).isEqualTo("world");
        }
        await().until(() -> server.size() == 0);
        try (RawPeer second = new RawPeer(address, authority.host(host))) {
            assertThat(hello(second, host, EPOCH, token).resumed()).isTrue();
            assertThat(second.next()).isInstanceOf(Frame.Streams.class);
            second.send(new Frame.Streams(
                    switch (lie) {
                        case "more than was sent" -> List.of(new StreamState(1, 11, 0, false));
                        case "less than was acknowledged" -> List.of(new StreamState(1, 0, 0, false));
                        case "inside a frame" -> List.of(new StreamState(1, 7, 0, false));
                        case "too much held" -> List.of(new StreamState(1, 10, WINDOW + 1, false));
                        case "finished" -> List.of(new StreamState(1, 10, 0, true));
                        default -> List.of();
                    }));
            await().untilAsserted(() -> assertThat(streamEnds).containsExactly("LINK_LOST"));
            assertThat(server.size()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data first", "unknown stream", "same stream twice"})
    void peerThatDoesNotKeepToTheOrderIsCut(String what) throws Exception {
        startServer(LONG);
        ResumeToken token;
        try (RawPeer first = new RawPeer(address, authority.host(host))) {
            token = hello(first, host, EPOCH, ResumeToken.NONE).token();
            openAndSay(first, 1, "hello");
        }
        await().until(() -> server.size() == 0);
        try (RawPeer second = new RawPeer(address, authority.host(host))) {
            assertThat(hello(second, host, EPOCH, token).resumed()).isTrue();
            StreamState state = new StreamState(1, 5, 0, false);
            switch (what) {
                case "data first" -> second.send(1, new byte[1]);
                case "unknown stream" -> second.send(new Frame.Streams(List.of(new StreamState(2, 0, 0, false))));
                default -> second.send(new Frame.Streams(List.of(state, state)));
            }
            await().untilAsserted(() -> assertThat(streamEnds).containsExactly("LINK_LOST"));
            assertThat(metrics.closes).contains(CloseReason.PROTOCOL);
        }
    }

    // ---- helpers ----

    private static Frame.LinkHello claim(HostId of, Epoch epoch, ResumeToken token) {
        return claim(new CharLinkHello(of, MAP, epoch, CellRole.PRIMARY), token);
    }

    private static Frame.LinkHello claim(CharLinkHello hello, ResumeToken token) {
        return new Frame.LinkHello(
                Frame.VERSION, WINDOW, 0, hello.role(), hello.host(), token, hello.map(), hello.epoch());
    }

    private static Frame.Accepted hello(RawPeer peer, HostId of, Epoch epoch, ResumeToken token) throws IOException {
        peer.send(claim(of, epoch, token));
        return (Frame.Accepted) peer.next();
    }

    private static void openAndSay(RawPeer peer, int stream, String text) throws IOException {
        peer.send(new Frame.Open(stream, MAP, EPOCH, 0, Bytes.NONE));
        assertThat(peer.next()).isEqualTo(new Frame.Opened(stream));
        peer.send(stream, text.getBytes(StandardCharsets.UTF_8));
        assertThat(text(peer.next())).isEqualTo(text);
    }

    private static String text(@Nullable Frame frame) {
        assertThat(frame).isInstanceOf(Frame.Data.class);
        ByteBuf payload = ((Frame.Data) frame).payload();
        String text = payload.toString(StandardCharsets.UTF_8);
        payload.release();
        return text;
    }

    private Socket connect() throws IOException {
        Socket cell = new Socket(local.getAddress(), local.getPort());
        cell.setSoTimeout(20_000);
        return cell;
    }

    private static void echo(Socket cell, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        cell.getOutputStream().write(bytes);
        assertThat(new String(cell.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    private static boolean ended(Socket cell) throws IOException {
        try {
            return cell.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private static void write(Socket cell, byte[] bytes) {
        try {
            cell.getOutputStream().write(bytes);
        } catch (IOException e) {
            // The reader finds out.
        }
    }

    private void awaitEvent(String what) throws InterruptedException {
        for (String event = agentEvents.poll(20, TimeUnit.SECONDS);
                !what.equals(event);
                event = agentEvents.poll(20, TimeUnit.SECONDS)) {
            assertThat(event).as("instead of %s", what).isNotNull();
        }
    }

    /** Echoes, and its end is noted. */
    private final class Cell implements StreamListener {
        private final EchoStream echo = new EchoStream();

        Cell() {
            cells.incrementAndGet();
        }

        @Override
        public void data(LinkStream stream, ByteBuf payload) {
            echo.data(stream, payload);
        }

        @Override
        public void finished(LinkStream stream) {
            echo.finished(stream);
        }

        @Override
        public void closed(LinkStream stream, StreamEnd end) {
            streamEnds.add(end.toString());
        }
    }

    private final class AgentEvents implements CharLinkClientListener {
        @Override
        public void accepted() {
            agentEvents.add("accepted");
        }

        @Override
        public void refused(RefusalReason reason, Epoch currentEpoch, String detail) {
            agentEvents.add("refused " + reason + " " + currentEpoch + " " + detail);
        }

        @Override
        public void fenced(Epoch currentEpoch) {
            agentEvents.add("fenced " + currentEpoch);
        }

        @Override
        public void disconnected(CloseReason reason, Duration nextAttempt) {
            agentEvents.add("disconnected " + reason);
        }
    }
}
