package io.p2phost.relay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.RoundTrip;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import io.p2phost.links.tunnel.Tunnel;
import io.p2phost.links.tunnel.TunnelServer;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import io.p2phost.relay.telemetry.RelayMetrics;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What tunnels mean, without sockets: tunnels are made by hand and their events are told by the test. */
@ExtendWith(LeakGuard.class)
class HostTunnelsTest {
    private static final MapName MAP = MapName.of("payon");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = NOW;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RouteTable routes = new RouteTable();
    private final List<String> assignment = new CopyOnWriteArrayList<>();
    private final LinkTransport transport = LinkTransport.start("test", 1);
    private final Deliveries deliveries = new Deliveries(Deliveries.Policy.defaults(), meters);
    private final HostTunnels tunnels = new HostTunnels(
            new TunnelServer.Options("relay-1", LinkSettings.defaults(), new AddressLimits.Rules(1, 1, 1, 1, 1)),
            RotatingTls.accepting(TlsProvider.JDK),
            transport,
            host -> CompletableFuture.completedFuture(Optional.empty()),
            new RelayMetrics(meters),
            new HostTunnels.Parts(routes, new Told(), deliveries, new HostStates(), () -> now));
    private final HandTunnel host = new HandTunnel();

    @AfterEach
    void close() {
        tunnels.close();
        deliveries.close();
        transport.close();
    }

    @Test
    void hostIsToldOfItsMapsWhenItComes() {
        routes.offer(new Route(MAP, Epoch.of(3), Owner.host(host.host())));
        routes.offer(new Route(MapName.of("geffen"), Epoch.of(9), Owner.host(HostId.random())));
        tunnels.connected(host);
        assertThat(host.told).containsExactly("assign payon 3");
    }

    @Test
    void readyOfTheEpochInEffectIsToldToAssignment() {
        routes.offer(new Route(MAP, Epoch.of(3), Owner.host(host.host())));
        tunnels.connected(host);
        tunnels.ready(host, MAP, Epoch.of(3), true, "up");
        await().until(() -> assignment.contains("ready payon 3 true up"));
    }

    /** A host repeats itself with every heartbeat. */
    @Test
    void theSameClaimIsToldOnceAMinute() {
        routes.offer(new Route(MAP, Epoch.of(3), Owner.host(host.host())));
        tunnels.connected(host);
        claim(Epoch.of(3), true);
        claim(Epoch.of(3), true);
        assertThat(assignment).containsExactly("ready payon 3 true ");
        claim(Epoch.of(3), false);
        claim(Epoch.of(3), true);
        assertThat(assignment).hasSize(3);
        now = now.plus(HostTunnels.SAME_CLAIM).minusMillis(1);
        claim(Epoch.of(3), true);
        assertThat(assignment).hasSize(3);
        now = now.plusMillis(1);
        claim(Epoch.of(3), true);
        assertThat(assignment).hasSize(4);
        routes.offer(new Route(MAP, Epoch.of(4), Owner.host(host.host())));
        claim(Epoch.of(4), true);
        assertThat(assignment).hasSize(5).endsWith("ready payon 4 true ");
    }

    private void claim(Epoch epoch, boolean ready) {
        tunnels.ready(host, MAP, epoch, ready, "");
        await().until(() -> deliveries.pending() == 0);
    }

    @Test
    void readyOfAnOldEpochOrOfAnothersMapIsFenced() {
        routes.offer(new Route(MAP, Epoch.of(3), Owner.host(host.host())));
        tunnels.connected(host);
        host.told.clear();
        tunnels.ready(host, MAP, Epoch.of(2), true, "up");
        assertThat(host.told).containsExactly("fence payon 3");

        HandTunnel stranger = new HandTunnel();
        tunnels.connected(stranger);
        tunnels.ready(stranger, MAP, Epoch.of(3), true, "up");
        assertThat(stranger.told).containsExactly("fence payon 3");
        assertThat(assignment).isEmpty();
    }

    @Test
    void earlyClaimIsFencedWhenTheRouteNamesAnother() {
        tunnels.connected(host);
        tunnels.ready(host, MAP, Epoch.of(4), true, "up");
        assertThat(host.told).isEmpty();
        routes.offer(new Route(MAP, Epoch.of(4), Owner.vps("reserve", "127.0.0.1:5121")));
        assertThat(host.told).containsExactly("fence payon 4");
        assertThat(assignment).isEmpty();
    }

    @Test
    void earlyClaimsOfOneHostAreBounded() {
        tunnels.connected(host);
        for (int i = 0; i < HostTunnels.MAX_EARLY_CLAIMS; i++) {
            tunnels.ready(host, MapName.of("m" + i), Epoch.of(1), true, "up");
        }
        assertThat(dropped()).isZero();
        tunnels.ready(host, MapName.of("m0"), Epoch.of(2), true, "again");
        assertThat(dropped()).as("a map it has spoken of").isZero();

        tunnels.ready(host, MAP, Epoch.of(1), true, "one too many");

        assertThat(dropped()).isOne();
        routes.offer(new Route(MapName.of("m0"), Epoch.of(2), Owner.host(host.host())));
        await().until(() -> assignment.contains("ready m0 2 true again"));
    }

    @ParameterizedTest
    @EnumSource(CloseReason.class)
    void everyLossIsReportedButOurOwnEndAndANewerTunnel(CloseReason reason) {
        tunnels.connected(host);
        tunnels.lost(host, reason);
        if (reason == CloseReason.REPLACED || reason == CloseReason.SHUTDOWN) {
            await().during(Duration.ofMillis(50)).until(assignment::isEmpty);
        } else {
            await().until(() -> assignment.contains("lost " + host.host() + " " + NOW));
        }
    }

    @Test
    void tunnelThatBreaksIsReportedAtOnceAndItsLossNotAgain() {
        tunnels.connected(host);
        tunnels.broken(host);
        await().until(() -> assignment.contains("lost " + host.host() + " " + NOW));
        tunnels.lost(host, CloseReason.PEER_CLOSED);
        await().during(Duration.ofMillis(50)).until(() -> assignment.size() == 1);
    }

    @Test
    void hostThatGoesOnIsToldOfItsMapsAgainAndItsNextLossIsReported() {
        routes.offer(new Route(MAP, Epoch.of(3), Owner.host(host.host())));
        tunnels.connected(host);
        tunnels.broken(host);
        await().until(() -> assignment.size() == 1);
        host.told.clear();

        tunnels.resumed(host);

        assertThat(host.told).containsExactly("assign payon 3");
        tunnels.lost(host, CloseReason.SILENT);
        await().until(() -> assignment.size() == 2);
    }

    @Test
    void claimAfterTheEndOfItsTunnelIsForgotten() {
        tunnels.connected(host);
        tunnels.lost(host, CloseReason.SHUTDOWN);
        tunnels.ready(host, MAP, Epoch.of(1), true, "late");
        routes.offer(new Route(MAP, Epoch.of(1), Owner.host(host.host())));
        await().during(Duration.ofMillis(50)).until(assignment::isEmpty);
    }

    private double dropped() {
        return meters.counter("p2p_relay_claims_dropped_total").count();
    }

    private final class Told implements Assignment {
        @Override
        public void tunnelLost(HostId lost, Instant observedAt) {
            assignment.add("lost " + lost + " " + observedAt);
        }

        @Override
        public void readiness(HostId of, MapName map, Epoch epoch, boolean ready, String detail) {
            assignment.add("ready " + map + " " + epoch + " " + ready + " " + detail);
        }
    }

    private static final class HandTunnel implements Tunnel {
        private final HostId id = HostId.random();
        private final List<String> told = new ArrayList<>();

        @Override
        public HostId host() {
            return id;
        }

        @Override
        public boolean isUp() {
            return true;
        }

        @Override
        public @Nullable SocketAddress remoteAddress() {
            return null;
        }

        @Override
        public Optional<RoundTrip> measured() {
            return Optional.empty();
        }

        @Override
        public int streams() {
            return 0;
        }

        @Override
        public void assign(MapName map, Epoch epoch, CellRole role) {
            told.add("assign " + map + " " + epoch);
        }

        @Override
        public void fence(MapName map, Epoch currentEpoch) {
            told.add("fence " + map + " " + currentEpoch);
        }

        @Override
        public void open(MapName map, Epoch epoch, int source, Bytes first, StreamListener listener) {
            throw new UnsupportedOperationException("no players here");
        }
    }
}
