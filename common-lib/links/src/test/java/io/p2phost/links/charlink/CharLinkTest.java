package io.p2phost.links.charlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
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
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.EchoStream;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.RawPeer;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ends of the char link over real TLS on loopback. */
@ExtendWith(LeakGuard.class)
@ParameterizedClass
@MethodSource("io.p2phost.links.testing.TlsProviders#here")
class CharLinkTest {
    private static final MapName MAP = MapName.of("izlude");
    private static final Epoch EPOCH = Epoch.of(3);

    @Parameter
    private TlsProvider provider;

    private final TestAuthority authority = new TestAuthority();
    private final HostId host = HostId.random();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final BlockingQueue<String> proxyEvents = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> agentEvents = new LinkedBlockingQueue<>();
    private final AtomicInteger cellsAnswered = new AtomicInteger();
    private final AtomicInteger cellsLeft = new AtomicInteger();
    private final CharLinkHello hello = new CharLinkHello(host, MAP, EPOCH, CellRole.PRIMARY);
    private volatile Function<CharLinkHello, CompletionStage<CharLinkVerdict>> judge =
            claim -> CompletableFuture.completedFuture(CharLinkVerdict.accept());
    private LinkTransport transport;
    private CharLinkServer server;
    private final List<CharLinkClient> clients = new ArrayList<>();
    private InetSocketAddress address;
    private InetSocketAddress local = new InetSocketAddress(0);

    @BeforeEach
    void start() {
        transport = LinkTransport.start("test", 2);
        server = new CharLinkServer(
                new CharLinkServer.Options(
                        LinkSettings.defaults(), new AddressLimits.Rules(1000, 1000, 1000, 1000, 1000)),
                RotatingTls.accepting(provider, authority.service(ServiceName.DB_PROXY)),
                transport,
                claim -> judge.apply(claim),
                new ProxyEvents(),
                metrics);
        address = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private CharLinkClient startClient(HostId certified) {
        return startClient(certified, hello);
    }

    private CharLinkClient startClient(HostId certified, CharLinkHello hello) {
        CellDoor door = CellDoor.open(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        local = door.address();
        return startClient(certified, hello, door);
    }

    private CharLinkClient startClient(HostId certified, CharLinkHello hello, CellDoor door) {
        CharLinkClient client = new CharLinkClient(
                CharLinkClient.Options.of(address, hello).withRetry(Duration.ofMillis(20), Duration.ofMillis(100)),
                door,
                RotatingTls.connecting(authority.host(certified)),
                transport,
                new AgentEvents(),
                metrics);
        client.start();
        clients.add(client);
        return client;
    }

    @AfterEach
    void stop() {
        clients.forEach(CharLinkClient::close);
        server.close();
        transport.close();
    }

    @Test
    void cellReachesDbProxyThroughTheLinkAgainAndAgain() throws Exception {
        startClient(host);
        assertThat(next(agentEvents)).isEqualTo("accepted");
        // The server notes the link after it has written the acceptance.
        Awaitility.await().untilAsserted(() -> assertThat(server.links()).containsExactly(hello));

        for (int i = 0; i < 3; i++) {
            int before = i;
            Awaitility.await().untilAsserted(() -> assertThat(cellsLeft).hasValue(before));
            try (Socket cell = connect()) {
                assertThat(echo(cell, "save " + i)).isEqualTo("save " + i);
            }
        }
        Awaitility.await().untilAsserted(() -> assertThat(metrics.buffered).hasValue(0));
    }

    @Test
    void cellThatHangsUpOrDiesIsToldAndOneWhoseLinkEndedIsNot() throws Exception {
        startClient(host);
        assertThat(next(agentEvents)).isEqualTo("accepted");
        try (Socket cell = connect()) {
            assertThat(echo(cell, "x")).isEqualTo("x");
        }
        Awaitility.await().untilAsserted(() -> assertThat(cellsLeft).hasValue(1));
        try (Socket cell = connect()) {
            assertThat(echo(cell, "x")).isEqualTo("x");
            cell.setSoLinger(true, 0);
        }
        Awaitility.await().untilAsserted(() -> assertThat(cellsLeft).hasValue(2));

        try (Socket cell = connect()) {
            assertThat(echo(cell, "x")).isEqualTo("x");
            server.fence(MAP, Epoch.of(EPOCH.value() + 1)).get(30, TimeUnit.SECONDS);
            assertThat(next(agentEvents)).startsWith("fenced");
            Awaitility.await().until(() -> isClosed(cell));
        }
        assertThat(cellsLeft).hasValue(2);
    }

    private static boolean isClosed(Socket cell) {
        try {
            return cell.getInputStream().read() == -1;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void bytesCrossPackedAndAreTheSame() throws Exception {
        startClient(host);
        assertThat(next(agentEvents)).isEqualTo("accepted");
        byte[] save = new byte[300_000];
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            save[random.nextInt(save.length)] = (byte) random.nextInt();
        }
        try (Socket cell = connect()) {
            for (int i = 0; i < 3; i++) {
                save[random.nextInt(save.length)]++;
                Thread writer = Thread.ofVirtual().start(() -> write(cell, save));
                assertThat(cell.getInputStream().readNBytes(save.length)).isEqualTo(save);
                writer.join();
            }
        }
        assertThat(metrics.packedFrom).hasValueGreaterThan(3L * 2 * save.length / 2);
        assertThat(metrics.packedTo.get()).isLessThan(metrics.packedFrom.get() / 5);
    }

    @Test
    void hostThatCannotUnpackGetsPlainBytes() throws Exception {
        try (RawPeer peer = new RawPeer(address, authority.host(host))) {
            peer.send(new Frame.LinkHello(
                    Frame.VERSION, 65_536, Frame.UNPACKED, CellRole.PRIMARY, host, ResumeToken.NONE, MAP, EPOCH));
            assertThat(peer.next()).isInstanceOfSatisfying(Frame.Accepted.class, accepted -> {
                assertThat(accepted.history()).isZero();
                assertThat(accepted.resumed()).isFalse();
            });
            peer.send(new Frame.Open(1, MAP, EPOCH, 0, Bytes.NONE));
            assertThat(peer.next()).isEqualTo(new Frame.Opened(1));
            peer.send(1, new byte[5_000]);

            int bytes = 0;
            while (bytes < 5_000) {
                Frame.Data data = (Frame.Data) peer.next();
                bytes += data.payload().readableBytes();
                data.payload().release();
            }
        }
    }

    private static void write(Socket cell, byte[] bytes) {
        try {
            cell.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void cellThatIsThereBeforeTheLinkWaitsForItAndTheNewestOnly() throws Exception {
        CellDoor door = CellDoor.open(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        local = door.address();
        byte[] greeting = greeting(hello).getBytes(StandardCharsets.UTF_8);
        try (Socket older = new Socket(local.getAddress(), local.getPort());
                Socket cell = new Socket(local.getAddress(), local.getPort())) {
            older.setSoTimeout(10_000);
            cell.setSoTimeout(10_000);
            cell.getOutputStream().write('x');
            assertThat(older.getInputStream().read()).isEqualTo(-1);
            assertThat(cellsAnswered).hasValue(0);

            CharLinkClient first = startClient(host, hello, door);

            assertThat(cell.getInputStream().readNBytes(greeting.length)).isEqualTo(greeting);
            assertThat(cell.getInputStream().read())
                    .as("what it said meanwhile")
                    .isEqualTo('x');
            assertThat(cellsAnswered).hasValue(1);

            first.close();
            assertThat(cell.getInputStream().read()).isEqualTo(-1);
        }
        // The next claim finds the cell that came in between.
        try (Socket cell = new Socket(local.getAddress(), local.getPort())) {
            cell.setSoTimeout(10_000);
            startClient(host, hello, door);
            assertThat(cell.getInputStream().readNBytes(greeting.length)).isEqualTo(greeting);
        }
        door.close();
        Awaitility.await()
                .untilAsserted(() -> assertThatThrownBy(() -> new Socket(local.getAddress(), local.getPort()).close())
                        .isInstanceOf(java.net.ConnectException.class));
    }

    @Test
    void roleOfTheClaimReachesWhoTakesTheCell() throws Exception {
        CharLinkHello standby = new CharLinkHello(host, MAP, EPOCH, CellRole.STANDBY);
        startClient(host, standby);
        assertThat(next(agentEvents)).isEqualTo("accepted");

        try (Socket cell = new Socket(local.getAddress(), local.getPort())) {
            cell.setSoTimeout(10_000);
            byte[] greeting = "STANDBY of izlude\n".getBytes(StandardCharsets.UTF_8);
            assertThat(cell.getInputStream().readNBytes(greeting.length)).isEqualTo(greeting);
        }
    }

    @Test
    void fencedLinkIsCutAndTold() throws Exception {
        CharLinkClient client = startClient(host);
        assertThat(next(agentEvents)).isEqualTo("accepted");
        try (Socket cell = connect()) {
            assertThat(echo(cell, "x")).isEqualTo("x");

            server.fence(MAP, Epoch.of(4));

            assertThat(next(agentEvents)).isEqualTo("fenced 4");
            assertThat(client.isAccepted()).as("when the fence is announced").isFalse();
            assertThatThrownBy(() -> cell.getInputStream().read())
                    .as("reset, not ended in order")
                    .isInstanceOf(java.net.SocketException.class);
        }
        assertThat(next(proxyEvents)).isEqualTo("accepted");
        assertThat(next(proxyEvents)).isEqualTo("closed FENCED");
        assertThat(server.size()).isZero();
    }

    /** Bytes that nobody reads any more make a kernel reset the connection, and the last frame is lost with it. */
    @Test
    void hostInFullFlowHearsTheFence() throws Exception {
        for (int round = 0; round < 10; round++) {
            startClient(host, new CharLinkHello(host, MAP, EPOCH, CellRole.PRIMARY));
            assertThat(next(agentEvents)).isEqualTo("accepted");
            long before = metrics.bytesIn.get();
            try (Socket cell = new Socket(local.getAddress(), local.getPort())) {
                Thread writer = Thread.ofVirtual().start(() -> writeForEver(cell));
                Awaitility.await().until(() -> metrics.bytesIn.get() - before > 1_000_000);

                server.fence(MAP, Epoch.of(4));

                assertThat(next(agentEvents)).as("round %s", round).isEqualTo("fenced 4");
                writer.join();
            }
        }
    }

    @Test
    void hostThatDoesNotCloseIsClosedOn() throws Exception {
        try (RawPeer peer = new RawPeer(address, authority.host(host))) {
            peer.send(new Frame.LinkHello(
                    Frame.VERSION + 1, 65_536, 0, CellRole.PRIMARY, host, ResumeToken.NONE, MAP, EPOCH));
            assertThat(peer.next()).isInstanceOf(Frame.Refused.class);

            assertThatThrownBy(() -> {
                        while (true) {
                            peer.send(new Frame.Ping(0));
                        }
                    })
                    .as("after a second of listening")
                    .isInstanceOf(IOException.class);
        }
    }

    private static void writeForEver(Socket cell) {
        byte[] chunk = new byte[8_192];
        try {
            while (true) {
                cell.getOutputStream().write(chunk);
            }
        } catch (IOException e) {
            // Cut: that is what the test is about.
        }
    }

    @Test
    void sameEpochIsNotFenced() throws Exception {
        startClient(host);
        assertThat(next(agentEvents)).isEqualTo("accepted");

        server.fence(MAP, EPOCH);
        server.fence(MapName.of("geffen"), Epoch.of(99));

        try (Socket cell = connect()) {
            assertThat(echo(cell, "still here")).isEqualTo("still here");
        }
    }

    @Test
    void staleClaimIsRefusedForGood() throws Exception {
        judge = claim -> CompletableFuture.completedFuture(
                CharLinkVerdict.refuse(RefusalReason.STALE_EPOCH, Epoch.of(9), "owned elsewhere"));
        startClient(host);

        assertThat(next(agentEvents)).isEqualTo("refused STALE_EPOCH 9 owned elsewhere");
        assertThat(next(proxyEvents)).isEqualTo("refused STALE_EPOCH 9");
        assertThat(agentEvents.poll(300, TimeUnit.MILLISECONDS))
                .as("no further attempt")
                .isNull();
    }

    @Test
    void undecidedClaimIsTriedAgain() throws Exception {
        judge = claim -> CompletableFuture.failedFuture(new IOException("database away"));
        CharLinkClient client = startClient(host);
        assertThat(next(agentEvents)).isEqualTo("refused UNAVAILABLE 0 cannot decide now");
        assertThat(next(agentEvents)).isEqualTo("disconnected REFUSED");

        judge = claim -> CompletableFuture.completedFuture(CharLinkVerdict.accept());
        Awaitility.await().until(() -> client.isAccepted());
    }

    @Test
    void fenceDuringTheVerdictWins() throws Exception {
        CompletableFuture<CharLinkVerdict> slow = new CompletableFuture<>();
        BlockingQueue<CharLinkHello> asked = new LinkedBlockingQueue<>();
        judge = claim -> {
            asked.add(claim);
            return slow;
        };
        startClient(host);
        assertThat(asked.poll(30, TimeUnit.SECONDS)).isEqualTo(hello);

        server.fence(MAP, Epoch.of(4)).get(30, TimeUnit.SECONDS);
        slow.complete(CharLinkVerdict.accept());

        assertThat(next(agentEvents)).isEqualTo("refused STALE_EPOCH 4 fenced while it was judged");
    }

    @Test
    void anotherHostsNameIsCut() throws Exception {
        startClient(HostId.random());

        assertThat(next(agentEvents)).startsWith("disconnected");
        assertThat(metrics.drops).contains(io.p2phost.links.DropReason.WRONG_PEER);
        assertThat(proxyEvents).isEmpty();
    }

    @Test
    void blacklistedHostIsCut() throws Exception {
        startClient(host);
        assertThat(next(agentEvents)).isEqualTo("accepted");
        assertThat(next(proxyEvents)).isEqualTo("accepted");

        server.cut(host, GoAwayCode.BLACKLISTED);

        assertThat(next(proxyEvents)).isEqualTo("closed CUT");
        assertThat(next(agentEvents)).isEqualTo("disconnected GOING_AWAY");
    }

    private Socket connect() throws IOException {
        Socket cell = new Socket(local.getAddress(), local.getPort());
        cell.setSoTimeout(10_000);
        byte[] greeting = greeting(hello).getBytes(StandardCharsets.UTF_8);
        assertThat(cell.getInputStream().readNBytes(greeting.length)).isEqualTo(greeting);
        return cell;
    }

    private static String echo(Socket cell, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        cell.getOutputStream().write(bytes);
        return new String(cell.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8);
    }

    private static String next(BlockingQueue<String> events) throws InterruptedException {
        return events.poll(30, TimeUnit.SECONDS);
    }

    private final class ProxyEvents implements CharLinkServerListener {
        @Override
        public StreamListener cell(CharLinkHello claim) {
            return new GreetingEcho(claim);
        }

        @Override
        public void accepted(CharLinkHello claim) {
            proxyEvents.add("accepted");
        }

        @Override
        public void refused(CharLinkHello claim, RefusalReason reason, Epoch currentEpoch) {
            proxyEvents.add("refused " + reason + " " + currentEpoch);
        }

        @Override
        public void closed(CharLinkHello claim, CloseReason reason) {
            proxyEvents.add("closed " + reason);
        }
    }

    /** Says who is linked before it echoes: a multiplexer too may speak first. */
    private record GreetingEcho(CharLinkHello claim, EchoStream echo) implements StreamListener {
        GreetingEcho(CharLinkHello claim) {
            this(claim, new EchoStream());
        }

        @Override
        public void opening(LinkStream stream) {
            stream.write(Unpooled.copiedBuffer(greeting(claim), StandardCharsets.UTF_8));
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
            echo.closed(stream, end);
        }
    }

    private static String greeting(CharLinkHello claim) {
        return claim.role() + " of " + claim.map() + "\n";
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

        @Override
        public void cellAnswered() {
            cellsAnswered.incrementAndGet();
        }

        @Override
        public void cellLeft() {
            cellsLeft.incrementAndGet();
        }
    }
}
