package io.p2phost.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import io.p2phost.links.tunnel.Tunnel;
import io.p2phost.links.tunnel.TunnelServer;
import io.p2phost.links.tunnel.TunnelServerListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TunnelTest {
    @Test
    void whatComesIsCountedAndItsCostAlso() throws Exception {
        double[] cpu = {1, 1.5};
        int[] asked = {0};
        try (TunnelLoad load = new TunnelLoad()) {
            TunnelLoad.Bulk bulk = TunnelLoad.bulk(
                    load.port(), 2, Duration.ofMillis(50), Duration.ofMillis(200), () -> cpu[asked[0]++]);
            assertThat(bulk.megabytesPerSecond()).isPositive();
            assertThat(bulk.megabytesPerCpuSecond() * 0.5)
                    .isBetween(bulk.megabytesPerSecond() * 0.19, bulk.megabytesPerSecond());
        }
    }

    @Test
    void everyMessageIsTimedStalledOrNot() throws Exception {
        try (TunnelLoad load = new TunnelLoad()) {
            for (boolean stalled : new boolean[] {false, true}) {
                TunnelLoad.Messages messages = TunnelLoad.messages(
                        load.port(), 3, 300, stalled, Duration.ofMillis(50), Duration.ofMillis(500), () -> 0);
                assertThat(messages.count()).isEqualTo(150);
                assertThat(messages.p50Micros()).isPositive().isLessThanOrEqualTo(messages.p99Micros());
            }
        }
    }

    @Test
    void tunnelPortAgreesToOneCipherOnly() throws Exception {
        TestAuthority authority = new TestAuthority();
        try (LinkTransport transport = LinkTransport.start("tunnel", 1);
                TunnelServer server = new TunnelServer(
                        new TunnelServer.Options(
                                "relay-1", LinkSettings.defaults(), new AddressLimits.Rules(10, 10, 100, 100, 16)),
                        RotatingTls.accepting(TlsProvider.best(), authority.service(ServiceName.RELAY)),
                        transport,
                        host -> CompletableFuture.completedFuture(Optional.empty()),
                        new Nothing(),
                        LinkMetrics.NONE)) {
            int port = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .getPort();
            assertThat(new TunnelCipher(authority.host(HostId.random())).agreed(port))
                    .isEqualTo(TunnelCipher.WANTED);
        }
    }

    private record Nothing() implements TunnelServerListener {
        @Override
        public void connected(Tunnel tunnel) {}

        @Override
        public void ready(Tunnel tunnel, MapName map, Epoch epoch, boolean ready, String detail) {}

        @Override
        public void lost(Tunnel tunnel, CloseReason reason) {}
    }
}
