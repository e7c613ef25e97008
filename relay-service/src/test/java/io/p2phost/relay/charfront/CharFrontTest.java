package io.p2phost.relay.charfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.NetUtil;
import io.p2phost.links.net.AddressLimits.Share;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.front.SourceAddresses;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientPackets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients and a char-server that are the test's own sockets. */
@ExtendWith(LeakGuard.class)
class CharFrontTest {
    private static final int ACCOUNT = 2_000_007;
    private static final byte[] ENTER = Packet.fixed(0x0065, 17).u32(2, ACCOUNT).bytes();
    private static final byte[] GREETING = {(byte) 0x87, (byte) 0x84, 0x1e, 0};
    private static final byte[] LIST = Packet.variable(0x006b, 27).bytes();
    private static final byte[] CHOOSE = Packet.fixed(0x0066, 3).bytes();
    private static final Place FRONT = Place.parse("203.0.113.5:7000");
    private static final Place OWN = Place.parse("198.51.100.9:7001");
    private static final int LONG = 15_000;

    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerSocket charServer;
    private CharFrontStand stand;

    @BeforeEach
    void listen() throws IOException {
        charServer = opened(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        charServer.setSoTimeout(LONG);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T it) {
        open.add(it);
        return it;
    }

    private void start(Consumer<CharFrontStand.Change> more) {
        CharFrontStand.Change change = new CharFrontStand.Change();
        change.charServer = "127.0.0.1:" + charServer.getLocalPort();
        change.fronts = Set.of(FRONT);
        change.own = OWN;
        more.accept(change);
        stand = opened(new CharFrontStand(change));
    }

    private void start() {
        start(change -> {});
    }

    private Socket client() throws IOException {
        return client("127.0.0.1");
    }

    private Socket client(String from) throws IOException {
        Socket socket = opened(
                new Socket(InetAddress.getLoopbackAddress(), stand.front.port(), InetAddress.getByName(from), 0));
        socket.setSoTimeout(LONG);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private Socket accepted() throws IOException {
        Socket socket = opened(charServer.accept());
        socket.setSoTimeout(LONG);
        return socket;
    }

    private static void write(Socket to, byte[]... parts) throws IOException {
        to.getOutputStream().write(ToClientTest.concat(parts));
    }

    private static byte[] read(Socket from, int bytes) throws IOException {
        return from.getInputStream().readNBytes(bytes);
    }

    /** Whether it has come to an end without another byte. */
    private static boolean isOver(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static byte[] zone(Place to) {
        return Packet.fixed(ClientPackets.ZONE_SERVER, 156)
                .text(6, 16, "prt_fild08.gat")
                .i32be(22, to.ip())
                .u16(26, to.port())
                .bytes();
    }

    @Test
    void playerIsSentToThisRelayAndElseEverythingIsAsItWas() throws Exception {
        start();
        Socket client = client();
        write(client, ENTER);
        Socket server = accepted();
        assertThat(read(server, 17)).isEqualTo(ENTER);
        write(server, GREETING, LIST);
        assertThat(read(client, 4 + 27)).isEqualTo(ToClientTest.concat(GREETING, LIST));
        await().until(() -> stand.front.entering() == 0 && stand.front.connections() == 1);
        write(client, CHOOSE);
        assertThat(read(server, 3)).isEqualTo(CHOOSE);
        write(server, zone(FRONT));
        assertThat(read(client, 156)).isEqualTo(zone(OWN));
        assertThat(stand.named("own")).isEqualTo(1);
        client.close();
        assertThat(isOver(server)).isTrue();
        await().until(() -> stand.front.connections() == 0);
    }

    @Test
    void charServerSeesEachAccountAtAnAddressOfItsOwn() throws Exception {
        start();
        write(client(), ENTER);
        InetAddress seen = accepted().getInetAddress();
        int expected = new SourceAddresses(new byte[SourceAddresses.KEY_BYTES]).of(ACCOUNT);
        assertThat(seen.getHostAddress()).isEqualTo(NetUtil.intToIpAddress(expected));
    }

    @Test
    void lastWordsOfEitherSideArrive() throws Exception {
        start();
        Socket client = client();
        write(client, ENTER);
        Socket server = accepted();
        read(server, 17);
        byte[] refused = Packet.fixed(0x006c, 3).bytes();
        write(server, GREETING, refused);
        server.close();
        assertThat(read(client, 7)).isEqualTo(ToClientTest.concat(GREETING, refused));
        assertThat(isOver(client)).isTrue();

        Socket other = client();
        write(other, ENTER);
        Socket its = accepted();
        read(its, 17);
        write(other, CHOOSE);
        other.shutdownOutput();
        assertThat(read(its, 3)).isEqualTo(CHOOSE);
        assertThat(isOver(its)).isTrue();
    }

    /** Half a packet that nobody will finish: it is not kept back for ever. */
    @Test
    void halfAPacketGoesOnWithTheEnd() throws Exception {
        start();
        Socket client = client();
        write(client, ENTER);
        Socket server = accepted();
        read(server, 17);
        byte[] half = new byte[100];
        System.arraycopy(zone(FRONT), 0, half, 0, 100);
        write(server, GREETING, half);
        server.close();
        assertThat(read(client, 104)).isEqualTo(ToClientTest.concat(GREETING, half));
        assertThat(isOver(client)).isTrue();
    }

    @Test
    void whoSaysNothingOrHalfAPacketIsCut() throws Exception {
        start();
        Socket silent = client();
        Socket half = client();
        write(half, new byte[] {0x65, 0, 1, 2});
        assertThat(isOver(silent)).isTrue();
        assertThat(isOver(half)).isTrue();
        assertThat(stand.dropped("handshake_timeout")).isEqualTo(2);
    }

    @Test
    void mapServersAndStrangersDoNotReachTheCharServer() throws Exception {
        start();
        for (byte[] first : List.of(
                Packet.fixed(0x2af8, 60).bytes(),
                "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1})) {
            Socket stranger = client();
            write(stranger, first);
            assertThat(isOver(stranger)).isTrue();
        }
        Socket client = client();
        write(client, ENTER);
        Socket server = accepted();
        assertThat(read(server, 17)).isEqualTo(ENTER);
        write(server, GREETING, LIST);
        read(client, 31);
        write(client, CHOOSE, Packet.fixed(0x2af8, 60).bytes());
        assertThat(isOver(client)).isTrue();
        byte[] heard = server.getInputStream().readAllBytes();
        assertThat(heard).isIn(new byte[0], CHOOSE);
        assertThat(stand.refused("inter_server")).isEqualTo(2);
        assertThat(stand.refused("no_client")).isEqualTo(2);
    }

    @Test
    void withoutCharServerClientsAreToldSo() throws Exception {
        start(change -> {
            change.charServer = "127.0.0.1:" + charServer.getLocalPort();
            try {
                charServer.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Socket client = client();
        write(client, ENTER);
        assertThat(read(client, 7)).isEqualTo(ToClientTest.concat(GREETING, new byte[] {(byte) 0x81, 0, 1}));
        assertThat(isOver(client)).isTrue();
        assertThat(stand.refused("unreachable")).isEqualTo(1);
    }

    @Test
    void charServerIsLookedUpByName() throws Exception {
        start(change -> change.charServer = "localhost:" + charServer.getLocalPort());
        write(client(), ENTER);
        assertThat(read(accepted(), 17)).isEqualTo(ENTER);
    }

    @Test
    void whoIsNotLetInInTimeIsCut() throws Exception {
        start(change -> change.letIn = CharFrontStand.SOON);
        Socket client = client();
        write(client, ENTER);
        Socket server = accepted();
        write(server, GREETING);
        assertThat(read(client, 4)).isEqualTo(GREETING);
        assertThat(isOver(client)).isTrue();
        assertThat(stand.refused("not_let_in")).isEqualTo(1);
    }

    @Test
    void whoNeverReadsIsCutAndTheOthersGoOn() throws Exception {
        start(change -> change.stalled = CharFrontStand.SOON);
        Socket client = client();
        write(client, ENTER);
        Socket server = accepted();
        write(server, GREETING);
        byte[] big = Packet.variable(0x006b, 60_000).bytes();
        Thread flood = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    write(server, big);
                }
            } catch (IOException over) {
                // The relay has cut the one, and left the other.
            }
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> stand.dropped("slow_receiver") == 1);
        flood.join();
        Socket other = client();
        write(other, ENTER);
        assertThat(read(accepted(), 17)).isEqualTo(ENTER);
    }

    @Test
    void whoGoesOnBeforeTheCharServerIsThereIsCut() throws Exception {
        start();
        Socket client = client();
        byte[] many = new byte[2 * 1_024];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = (byte) 0xa1;
            many[i + 1] = 0x09;
        }
        write(client, ENTER, many);
        assertThat(isOver(client)).isTrue();
        assertThat(stand.refused("too_early")).isEqualTo(1);
    }

    @Test
    void doorIsTheFrontsDoor() throws Exception {
        start(change -> {
            change.address = new Share(1, 10_000, 10_000);
            change.deny = List.of("127.0.3.0/24");
        });
        Socket first = client();
        write(first, ENTER);
        read(accepted(), 17);
        assertThat(isOver(client())).isTrue();
        assertThat(isOver(client("127.0.3.1"))).isTrue();
        write(client("127.0.4.1"), ENTER);
        assertThat(read(accepted(), 17)).isEqualTo(ENTER);
        assertThat(stand.dropped("address_limit")).isEqualTo(1);
        assertThat(stand.dropped("denied")).isEqualTo(1);
    }

    @Test
    void floodOfSilentOnesMakesRoomForClients() throws Exception {
        start(change -> change.entering = 2);
        Socket one = client();
        client();
        await().until(() -> stand.front.connections() == 2);
        write(client(), ENTER);
        assertThat(read(accepted(), 17)).isEqualTo(ENTER);
        assertThat(isOver(one)).isTrue();
        assertThat(stand.dropped("made_room")).isEqualTo(1);
    }

    @Test
    void loadBalancerSaysForWhomItConnects() throws Exception {
        start(change -> {
            change.proxies = List.of("127.0.2.0/24");
            change.deny = List.of("203.0.113.66");
        });
        byte[] header = ToClientTest.concat(
                new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, 0x21, 0x11, 0, 12},
                new byte[] {(byte) 203, 0, 113, 7, 127, 0, 0, 1, 1, 1, 2, 2});
        write(client("127.0.2.1"), header, ENTER);
        assertThat(read(accepted(), 17)).isEqualTo(ENTER);
        header[19] = 66;
        Socket denied = client("127.0.2.1");
        write(denied, header, ENTER);
        assertThat(isOver(denied)).isTrue();
        Socket spoofing = client("127.0.5.1");
        write(spoofing, header, ENTER);
        assertThat(isOver(spoofing)).isTrue();
        assertThat(stand.dropped("denied")).isEqualTo(1);
        assertThat(stand.refused("no_client")).isEqualTo(1);
    }
}
