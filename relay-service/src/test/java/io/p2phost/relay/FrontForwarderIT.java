package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.links.net.AddressLimits.Share;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.testkit.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped configuration of HAProxy between players and the front. */
class FrontForwarderIT {
    private static final Path CONFIGURATION =
            Path.of("../deploy/haproxy/front.cfg").toAbsolutePath().normalize();
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final int port = freePort();
    private FrontStand stand;
    private Process haproxy;

    @BeforeEach
    void start() throws Exception {
        Programs.require("haproxy");
        stand = new FrontStand(limits -> {
            limits.proxies = List.of("127.0.0.1/32");
            limits.address = new Share(2, 10_000, 10_000);
            limits.firstPacket = Duration.ofSeconds(5);
        });
        Path more = folder.resolve("stats.cfg");
        Files.writeString(more, "global\n  stats socket " + folder.resolve("stats") + "\n");
        ProcessBuilder command =
                new ProcessBuilder("haproxy", "-db", "-f", CONFIGURATION.toString(), "-f", more.toString()).inheritIO();
        command.environment()
                .putAll(Map.of(
                        "P2P_LISTEN",
                        "127.0.0.1",
                        "P2P_FRONT_PORT",
                        String.valueOf(port),
                        "P2P_RELAY",
                        "127.0.0.1:" + stand.port()));
        haproxy = command.start();
        await().atMost(LONG).ignoreExceptions().until(() -> state().contains("UP"));
    }

    @AfterEach
    void stop() throws Exception {
        if (haproxy != null) {
            haproxy.destroyForcibly().waitFor();
        }
        if (stand != null) {
            stand.close();
        }
    }

    @Test
    void playersKeepTheirAddressesAndTheLimitsOfThese() throws Exception {
        int account = stand.player();
        try (TestClient player = new TestClient("127.0.7.1", port, account);
                TestClient second = new TestClient("127.0.7.2", port, stand.player())) {
            player.enter();
            player.await(MapToClient.ENTER_ACCEPTED);
            second.enter();
            second.await(MapToClient.ENTER_ACCEPTED);
            assertThat(player.talk("through")).isEqualTo("reserve through");
            assertThat(stand.dbProxy.addresses).containsExactly("127.0.7.1", "127.0.7.2");
            try (TestClient more = new TestClient("127.0.7.1", port, account)) {
                await().until(() -> stand.front.connections() == 3);
                try (TestClient tooMany = new TestClient("127.0.7.1", port, account)) {
                    assertThat(tooMany.isCut()).isTrue();
                }
                assertThat(more.socket.isClosed()).isFalse();
            }
        }
        assertThat(stand.dropped("address_limit")).isEqualTo(1);
    }

    /** Its looks are connections that say LOCAL: they are neither players nor faults. */
    @Test
    void checksOfTheProxyFindTheRelayAndAreNotCounted() throws Exception {
        await().atMost(LONG).until(() -> stand.proxyChecks() >= 3);
        assertThat(state()).contains("UP").contains("L4OK");
        assertThat(stand.dropped("proxy_header")).isZero();
        await().until(() -> stand.front.connections() == 0);
        assertThat(stand.dbProxy.addresses).isEmpty();
    }

    private String state() throws IOException {
        return ask("show stat")
                .lines()
                .filter(line -> line.startsWith("players,relay,"))
                .findFirst()
                .orElse("");
    }

    private String ask(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("stats")));
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
