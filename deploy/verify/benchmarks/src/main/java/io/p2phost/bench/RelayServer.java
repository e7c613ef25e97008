package io.p2phost.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.internal.PlatformDependent;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.Networks;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import io.p2phost.links.tunnel.TunnelServer;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.front.SourceAddresses;
import io.p2phost.relay.player.DbProxy;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Entry;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.PlayerSettings;
import io.p2phost.relay.player.Players;
import io.p2phost.relay.player.Tap;
import io.p2phost.relay.route.RouteTable;
import io.p2phost.relay.telemetry.RelayMetrics;
import io.p2phost.relay.tunnel.Assignment;
import io.p2phost.relay.tunnel.Deliveries;
import io.p2phost.relay.tunnel.HostStates;
import io.p2phost.relay.tunnel.HostTunnels;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.client.Enter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Ours, in a process of its own: the relay's front with its sessions and sockets, without database, broker, HTTP and
 * tunnels. db-proxy's answer is at hand: everybody goes to one map-server of the VPS. It prints its port and answers each
 * line with its memory.
 */
final class RelayServer {
    private static final int MEBIBYTE = 1 << 20;
    /** As the relay's settings have it, but for the figures that a load from one machine needs otherwise. */
    private static final PlayerSettings.Flow FLOW = new PlayerSettings.Flow(200, 1_000, 65_536, 262_144);

    private static final long PENDING = 2 << 20;
    private static final Duration STALLED = Duration.ofMinutes(1);

    private RelayServer() {}

    /** The map-server's port; players at once; connections a second from one address, and at once. */
    public static void main(String[] args) throws Exception {
        int mapServer = Integer.parseInt(args[0]);
        int players = Integer.parseInt(args[1]);
        AddressLimits.Rules limits = new AddressLimits.Rules(
                players, players, Double.parseDouble(args[2]), Integer.parseInt(args[3]), 65_536);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        RelayMetrics metrics = new RelayMetrics(meters);
        RouteTable routes = new RouteTable();
        try (LinkTransport transport =
                        LinkTransport.start("relay", Runtime.getRuntime().availableProcessors());
                HostTunnels tunnels = new HostTunnels(
                        new TunnelServer.Options("relay-1", LinkSettings.defaults(), limits),
                        RotatingTls.accepting(TlsProvider.JDK),
                        transport,
                        host -> CompletableFuture.completedFuture(Optional.of(GoAwayCode.NOT_ADMITTED)),
                        metrics,
                        new HostTunnels.Parts(
                                routes,
                                new NoAssignment(),
                                new Deliveries(Deliveries.Policy.defaults(), meters),
                                new HostStates(),
                                Clock.systemUTC()));
                Front front = new Front(
                        new Front.Settings(
                                "127.0.0.1",
                                List.of(0),
                                Duration.ofSeconds(2),
                                door(limits, players),
                                null,
                                RelayServer::treated),
                        new Front.Parts(
                                transport,
                                tunnels,
                                map -> false,
                                new Players(System::nanoTime),
                                new OneMapServer(mapServer),
                                new SourceAddresses(new byte[SourceAddresses.KEY_BYTES]),
                                (loop, asker, words, answer) -> loop.execute(() -> answer.accept(List.of())),
                                Tap.Taps.NONE,
                                metrics))) {
            front.start();
            System.out.println(front.ports().getFirst());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (in.readLine() != null) {
                System.out.println(memory());
            }
        }
    }

    /** No share for the load's network, which is one machine; newcomers may be as many as there are players. */
    private static Front.Limits door(AddressLimits.Rules connections, int players) {
        return new Front.Limits(
                connections,
                players,
                new AddressLimits.Rules(players, players, players, players, 65_536),
                Networks.NONE,
                Networks.NONE,
                Networks.NONE,
                PENDING,
                STALLED);
    }

    private static PlayerSettings treated(int port) {
        return new PlayerSettings(
                ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN),
                PlayerSettings.Form.SPLICE,
                0x7f00_0001,
                port,
                FLOW,
                PlayerSettings.Timing.USUAL);
    }

    /** In MiB: what of the heap is in use after a collection, and memory outside of it. */
    @SuppressWarnings("removal")
    private static String memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE + " "
                + PlatformDependent.usedDirectMemory() / MEBIBYTE;
    }

    private record OneMapServer(int port) implements DbProxy {
        @Override
        public void enter(Loop loop, Enter enter, String clientIp, Consumer<Entry> answer) {
            Destination to = new Destination(
                    Owner.vps("reserve", "127.0.0.1:" + port),
                    MapName.of("prt_fild08"),
                    Epoch.of(1),
                    enter.loginId1(),
                    1,
                    100,
                    80);
            loop.execute(() -> answer.accept(new Entry.Routed(to, 0)));
        }

        @Override
        public void restartSeen(Loop loop, int account, long number, Runnable told) {
            loop.execute(told);
        }

        @Override
        public void walked(Loop loop, int account, long number, MapName map, int x, int y, Consumer<Boolean> taken) {
            loop.execute(() -> taken.accept(false));
        }

        @Override
        public void gives(Loop loop, int account, long number, Consumer<Boolean> taken) {
            loop.execute(() -> taken.accept(true));
        }

        @Override
        public void gave(int account, long number) {}

        @Override
        public void took(int account, long number) {}

        @Override
        public void gone(int account, long number) {}
    }

    private static final class NoAssignment implements Assignment {
        @Override
        public void tunnelLost(HostId host, Instant observedAt) {}

        @Override
        public void readiness(HostId host, MapName map, Epoch epoch, boolean ready, String detail) {}
    }
}
