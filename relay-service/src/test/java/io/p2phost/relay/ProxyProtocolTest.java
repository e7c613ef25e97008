package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.links.net.AddressLimits.Share;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.MapToClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Load balancers in front of the front: they come from 127.0.2.0/24 here, everybody else from elsewhere. */
@ExtendWith(LeakGuard.class)
class ProxyProtocolTest {
    private static final String PROXY = "127.0.2.1";
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int PROXIED = 0x21;
    private static final int LOCAL = 0x20;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    private final FrontStand stand = new FrontStand(limits -> {
        limits.proxies = List.of("127.0.2.0/24");
        limits.address = new Share(2, 10_000, 10_000);
        limits.deny = List.of("203.0.113.66");
    });

    @AfterEach
    void stop() {
        stand.close();
    }

    private TestClient proxy(int account) throws IOException {
        return new TestClient(PROXY, stand.port(), account);
    }

    @Test
    void playerIsWhoTheProxySaysHeIs() throws Exception {
        int account = stand.player();
        try (TestClient player = proxy(account)) {
            player.write(header(PROXIED, TCP4, from("203.0.113.7")));
            player.enter();
            player.await(MapToClient.ENTER_ACCEPTED);
        }
        int other = stand.player();
        try (TestClient player = proxy(other)) {
            player.write(header(PROXIED, TCP6, from("2001:db8::7")));
            player.enter();
            player.await(MapToClient.ENTER_ACCEPTED);
        }
        assertThat(stand.dbProxy.addresses).containsExactly("203.0.113.7", "2001:db8:0:0:0:0:0:7");
        await().until(() -> stand.front.connections() == 0 && stand.front.entering() == 0);
    }

    @Test
    void headerAndFirstPacketInOneOrByteByByteAreTheSame() throws Exception {
        byte[] all = concat(header(PROXIED, TCP4, from("203.0.113.7")), enter(stand.player()));
        try (TestClient player = proxy(0)) {
            player.write(all);
            player.await(MapToClient.ENTER_ACCEPTED);
        }
        byte[] more = concat(header(PROXIED, TCP4, from("203.0.113.7")), enter(stand.player()));
        try (TestClient player = proxy(0)) {
            for (byte one : more) {
                player.write(one);
            }
            player.await(MapToClient.ENTER_ACCEPTED);
        }
    }

    @Test
    void whatAProxySaysBesidesAddressesIsPassedOver() throws Exception {
        byte[] authority = {2, 0, 4, 'g', 'a', 'm', 'e'};
        try (TestClient player = proxy(stand.player())) {
            player.write(header(PROXIED, TCP4, concat(from("203.0.113.7"), authority)));
            player.enter();
            player.await(MapToClient.ENTER_ACCEPTED);
        }
    }

    @Test
    void limitsAndListsAreForWhomTheProxyNames() throws Exception {
        try (TestClient one = named("203.0.113.7");
                TestClient two = named("203.0.113.7")) {
            await().until(() -> stand.front.connections() == 2);
            try (TestClient three = named("203.0.113.7")) {
                assertThat(three.isCut()).isTrue();
            }
            try (TestClient denied = named("203.0.113.66")) {
                assertThat(denied.isCut()).isTrue();
            }
            assertThat(one.socket.isClosed() || two.socket.isClosed()).isFalse();
            assertThat(stand.dropped("address_limit")).isEqualTo(1);
            assertThat(stand.dropped("denied")).isEqualTo(1);
        }
    }

    private TestClient named(String address) throws IOException {
        TestClient client = proxy(0);
        client.write(header(PROXIED, TCP4, from(address)));
        return client;
    }

    /** Who is not trusted cannot say who he is: his header is no packet that enters. */
    @Test
    void headerFromAnywhereElseIsNone() throws Exception {
        int account = stand.player();
        try (TestClient spoofing = new TestClient("127.0.3.1", stand.port(), account)) {
            spoofing.write(concat(header(PROXIED, TCP4, from("203.0.113.7")), enter(account)));
            assertThat(spoofing.isCut()).isTrue();
        }
        await().until(() -> stand.refused("wrong") == 1);
        assertThat(stand.dbProxy.addresses).isEmpty();
    }

    static Map<String, byte[]> broken() {
        return Map.ofEntries(
                Map.entry("no header", enter(1)),
                Map.entry(
                        "version 1", "PROXY TCP4 203.0.113.7 127.0.0.1 1 7000\r\n".getBytes(StandardCharsets.US_ASCII)),
                Map.entry("version 3", header(0x31, TCP4, from("203.0.113.7"))),
                Map.entry("no such command", header(0x2f, TCP4, from("203.0.113.7"))),
                Map.entry("no such family", header(PROXIED, 0x71, from("203.0.113.7"))),
                Map.entry("unspecified", header(PROXIED, 0x00, new byte[0])),
                Map.entry("unix", header(PROXIED, 0x31, new byte[216])),
                Map.entry("datagrams", header(PROXIED, 0x12, from("203.0.113.7"))),
                Map.entry("truncated addresses", header(PROXIED, TCP4, new byte[5])),
                Map.entry("no addresses", header(PROXIED, TCP6, new byte[0])),
                Map.entry("oversized", header(PROXIED, TCP4, new byte[0xffff])),
                Map.entry("broken extras", header(PROXIED, TCP4, concat(from("203.0.113.7"), new byte[] {2, 90, 9, 1
                }))));
    }

    static Stream<String> brokenOnes() {
        return broken().keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("brokenOnes")
    void brokenHeaderIsCutAtOnce(String which) throws Exception {
        try (TestClient proxy = proxy(0)) {
            assertThat(isCutBy(proxy, broken().get(which))).isTrue();
        }
        await().untilAsserted(() -> assertThat(stand.dropped("proxy_header")).isEqualTo(1));
        assertThat(stand.dbProxy.addresses).isEmpty();
        await().until(() -> stand.front.entering() == 0);
    }

    private static boolean isCutBy(TestClient client, byte[] bytes) throws IOException {
        try {
            client.write(bytes);
        } catch (SocketException e) {
            return true;
        }
        return client.isCut();
    }

    @Test
    void headerThatComesTooSlowlyIsCut() throws Exception {
        byte[] header = header(PROXIED, TCP4, from("203.0.113.7"));
        Instant start = Instant.now();
        try (TestClient silent = proxy(0);
                TestClient slow = proxy(0)) {
            slow.write(Arrays.copyOf(header, header.length - 1));
            assertThat(silent.isCut()).isTrue();
            assertThat(slow.isCut()).isTrue();
        }
        assertThat(Duration.between(start, Instant.now())).isLessThan(FrontStand.FIRST_PACKET.multipliedBy(4));
        await().until(() -> stand.dropped("proxy_header") == 2);
    }

    @Test
    void proxyThatLooksWhetherTheRelayIsThereIsAnsweredByAnEndOnly() throws Exception {
        try (TestClient check = proxy(0)) {
            check.write(header(LOCAL, 0x00, new byte[0]));
            assertThat(check.isCut()).isTrue();
        }
        try (TestClient liar = proxy(0)) {
            assertThat(isCutBy(liar, concat(header(LOCAL, TCP4, from("203.0.113.7")), enter(stand.player()))))
                    .isTrue();
        }
        assertThat(stand.dbProxy.addresses).isEmpty();
        assertThat(stand.dropped("proxy_header")).isZero();
        assertThat(stand.proxyChecks()).isEqualTo(2);
    }

    @Test
    void proxyMayGoAtAnyPoint() throws Exception {
        byte[] header = header(PROXIED, TCP4, from("203.0.113.7"));
        for (int length : new int[] {0, 1, 12, 16, header.length - 1, header.length}) {
            try (TestClient gone = proxy(0)) {
                gone.write(Arrays.copyOf(header, length));
                gone.reset();
            }
            try (TestClient finished = proxy(0)) {
                finished.write(Arrays.copyOf(header, length));
                finished.socket.shutdownOutput();
                assertThat(finished.isCut()).isTrue();
            }
        }
        await().until(() -> stand.front.connections() == 0 && stand.front.entering() == 0);
    }

    static byte[] enter(int account) {
        return Enter.of(account, 150_000, 4_711, 1, 1).packet().bytes();
    }

    /** Source and destination with their ports. */
    private static byte[] from(String address) {
        try {
            byte[] source = InetAddress.getByName(address).getAddress();
            return ByteBuffer.allocate(source.length * 2 + 4)
                    .put(source)
                    .put(source)
                    .putShort((short) 40_000)
                    .putShort((short) 7_000)
                    .array();
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static byte[] header(int versionAndCommand, int family, byte[] rest) {
        return ByteBuffer.allocate(16 + rest.length)
                .put(SIGNATURE)
                .put((byte) versionAndCommand)
                .put((byte) family)
                .putShort((short) rest.length)
                .put(rest)
                .array();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
