package io.p2phost.links.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Where BoringSSL's native code cannot be loaded: a JVM of its own, since one that has loaded it has it. */
class WithoutNativeTlsTest {
    private static final String CLASSPATH = System.getProperty("java.class.path");

    @Test
    void wherePlatformHasNoneTheJdkAcceptsLinksAndOneLineSaysSo() throws Exception {
        String shipped = Pattern.compile(File.pathSeparator)
                .splitAsStream(CLASSPATH)
                .filter(entry -> !entry.contains("netty-tcnative-boringssl-static"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(shipped).isNotEqualTo(CLASSPATH);
        jdkAcceptsLinksAndOneLineSaysSo(shipped, "-Dnothing=else", "netty_tcnative_linux");
    }

    @Test
    void whereItCannotBeUnpackedTheJdkAcceptsLinksAndOneLineSaysSo() throws Exception {
        jdkAcceptsLinksAndOneLineSaysSo(CLASSPATH, "-Djava.io.tmpdir=/proc/1", "/proc/1");
    }

    private static void jdkAcceptsLinksAndOneLineSaysSo(String classpath, String option, String why) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        option,
                        "-cp",
                        classpath,
                        Tunnels.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(out.lines().filter(line -> line.startsWith("tunnel stands")))
                    .as(out)
                    .containsExactly("tunnel stands, native: [false]");
            assertThat(out.lines().filter(line -> line.contains("are accepted by the JDK's TLS")))
                    .singleElement()
                    .asString()
                    .contains("WARN", why);
        } finally {
            process.destroyForcibly();
        }
    }

    /** One tunnel, as a relay and an agent make it. */
    static final class Tunnels {
        private Tunnels() {}

        public static void main(String[] args) throws Exception {
            TestAuthority authority = new TestAuthority();
            RecordingMetrics metrics = new RecordingMetrics();
            RelayEvents relay = new RelayEvents();
            try (LinkTransport transport = LinkTransport.start("test", 1);
                    TunnelServer server = new TunnelServer(
                            new TunnelServer.Options(
                                    "relay-1",
                                    LinkSettings.defaults(),
                                    new AddressLimits.Rules(1000, 1000, 1000, 1000, 1000)),
                            RotatingTls.accepting(TlsProvider.best(), authority.service(ServiceName.RELAY)),
                            transport,
                            id -> CompletableFuture.completedFuture(Optional.empty()),
                            relay,
                            metrics)) {
                InetSocketAddress address = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                try (TunnelClient client = new TunnelClient(
                        TunnelClient.Options.of(address, "agent/test"),
                        RotatingTls.connecting(authority.host(HostId.random())),
                        transport,
                        new DialPlaces(),
                        new AgentEvents(),
                        metrics)) {
                    client.start();
                    relay.connected();
                    System.out.println("tunnel stands, native: " + metrics.acceptingNative);
                }
            }
        }
    }
}
