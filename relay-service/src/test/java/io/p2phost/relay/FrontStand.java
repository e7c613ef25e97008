package io.p2phost.relay;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AddressLimits.Share;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.Networks;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import io.p2phost.links.tunnel.TunnelServer;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.front.SourceAddresses;
import io.p2phost.relay.player.DbProxy;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Entry;
import io.p2phost.relay.player.Kind;
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
import io.p2phost.ro.client.ClientIds;
import io.p2phost.ro.client.Enter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The front on real sockets, in front of one map-server of the VPS; db-proxy is the test. */
final class FrontStand implements AutoCloseable {
    static final Duration FIRST_PACKET = Duration.ofMillis(600);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final MapServerStand server = new MapServerStand("reserve");
    final Players players = new Players(System::nanoTime);
    final Asked dbProxy = new Asked();
    final Front front;
    private final LinkTransport transport = LinkTransport.start("front", 1);
    private final Deliveries deliveries = new Deliveries(Deliveries.Policy.defaults(), meters);
    /** The kernel accepts for it. */
    private final ServerSocket deaf;

    final RouteTable routes = new RouteTable();
    final HostTunnels tunnels;

    /** What a test changes of the limits. */
    static final class Limits {
        int connections = 1_000;
        Share address = new Share(1_000, 10_000, 10_000);
        Share network = new Share(1_000, 10_000, 10_000);
        int addresses = 10_000;
        int entering = 1_000;
        AddressLimits.Rules questions = new AddressLimits.Rules(900, 900, 10_000, 10_000, 10_000);
        List<String> allow = List.of();
        List<String> deny = List.of();
        List<String> proxies = List.of();
        long pending = 2_000_000;
        Duration stalled = Duration.ofSeconds(60);
        Duration firstPacket = FIRST_PACKET;
        int port;
        PlayerSettings.Form form = PlayerSettings.Form.SERVER_MOVE;

        /** Hosts with its certificates may connect. */
        @Nullable
        TestAuthority hosts;

        /** Clients that nobody here can read come to a map-server that hears them out and says nothing. */
        boolean takesProtected;

        Duration keyChange = Duration.ofHours(1);

        private Front.Limits make() {
            return new Front.Limits(
                    new AddressLimits.Rules(connections, address, network, addresses),
                    entering,
                    questions,
                    Networks.parse(allow),
                    Networks.parse(deny),
                    Networks.parse(proxies),
                    pending,
                    stalled);
        }
    }

    FrontStand() {
        this(limits -> {});
    }

    FrontStand(Consumer<Limits> change) {
        Limits limits = new Limits();
        change.accept(limits);
        RelayMetrics metrics = new RelayMetrics(meters);
        try {
            deaf = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tunnels = new HostTunnels(
                new TunnelServer.Options(
                        "relay-1",
                        LinkSettings.defaults(),
                        new AddressLimits.Rules(1_000, 1_000, 1_000, 1_000, 1_000),
                        100,
                        Duration.ofSeconds(3),
                        4,
                        limits.keyChange),
                limits.hosts == null
                        ? RotatingTls.accepting(TlsProvider.JDK)
                        : RotatingTls.accepting(TlsProvider.best(), limits.hosts.service(ServiceName.RELAY)),
                transport,
                host -> CompletableFuture.completedFuture(Optional.empty()),
                metrics,
                new HostTunnels.Parts(routes, new Nobody(), deliveries, new HostStates(), InstantSource.system()));
        if (limits.hosts != null) {
            tunnels.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }
        PlayerSettings.Timing usual = PlayerSettings.Timing.USUAL;
        PlayerSettings.Timing timing = new PlayerSettings.Timing(
                limits.firstPacket,
                Duration.ofMillis(100),
                usual.serverAnswer(),
                Duration.ofMillis(100),
                usual.ask(),
                usual.limbo(),
                usual.moved(),
                usual.combat());
        front = new Front(
                new Front.Settings(
                        "127.0.0.1",
                        List.of(limits.port),
                        Duration.ofSeconds(2),
                        limits.make(),
                        null,
                        port -> new PlayerSettings(
                                MapServerStand.LENGTHS,
                                ClientIds.STANDARD,
                                limits.takesProtected ? to(deaf.getLocalPort(), 1) : null,
                                limits.form,
                                0x7f00_0001,
                                port,
                                new PlayerSettings.Flow(
                                        200, 1_000, 65_536, 262_144, Map.of(Kind.MOVE, new PlayerSettings.Rate(1, 30))),
                                timing)),
                new Front.Parts(
                        transport,
                        tunnels,
                        map -> false,
                        players,
                        dbProxy,
                        new SourceAddresses(new byte[SourceAddresses.KEY_BYTES]),
                        (loop, asker, words, answer) -> loop.execute(() -> answer.accept(List.of())),
                        Tap.Taps.NONE,
                        metrics));
        front.start();
    }

    int port() {
        return front.ports().getFirst();
    }

    /** A player whom db-proxy lets in. */
    int player() {
        int account = dbProxy.lastAccount.incrementAndGet();
        dbProxy.known.put(account, to(server.endpoint().getPort(), 1));
        return account;
    }

    /** A map-server of the VPS, for a player's session of that number. */
    Destination to(int port, long number) {
        return new Destination(
                Owner.vps("reserve", "127.0.0.1:" + port),
                MapName.of("prt_fild08"),
                Epoch.of(number),
                9_000 + (int) number,
                number,
                100,
                80);
    }

    /** How often that was counted. */
    double dropped(String reason) {
        return meters.get("p2p_relay_dropped_total")
                .tag("part", "players")
                .tag("reason", reason)
                .counter()
                .count();
    }

    double refused(String reason) {
        return meters.get("p2p_relay_refused_total")
                .tag("reason", reason)
                .counter()
                .count();
    }

    double proxyChecks() {
        return meters.get("p2p_relay_proxy_checks_total").counter().count();
    }

    double slowed() {
        return meters.get("p2p_relay_players_slowed_total").counter().count();
    }

    double tooMany(String kind) {
        return meters.get("p2p_relay_packets_dropped_total")
                .tag("kind", kind)
                .counter()
                .count();
    }

    double deferred() {
        return meters.get("p2p_relay_entries_total")
                .tag("outcome", "deferred")
                .counter()
                .count();
    }

    @Override
    public void close() {
        front.close();
        tunnels.close();
        deliveries.close();
        transport.close();
        server.close();
        try {
            deaf.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says who may enter, at once or when it is told to. */
    static final class Asked implements DbProxy {
        final Map<Integer, Destination> known = new ConcurrentHashMap<>();
        final List<String> addresses = new CopyOnWriteArrayList<>();
        final List<Integer> gone = new CopyOnWriteArrayList<>();
        final AtomicInteger atOnce = new AtomicInteger();
        final AtomicInteger mostAtOnce = new AtomicInteger();
        private final AtomicInteger lastAccount = new AtomicInteger(2_000_000);
        private final List<Runnable> held = new ArrayList<>();
        private boolean holds;

        /** Answers wait from now on, or go out. */
        synchronized void hold(boolean on) {
            holds = on;
            if (!on) {
                held.forEach(Runnable::run);
                held.clear();
            }
        }

        @Override
        public void enter(Loop loop, Enter enter, String clientIp, Consumer<Entry> answer) {
            addresses.add(clientIp);
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            Destination to = known.get(enter.accountId());
            Runnable go = () -> {
                atOnce.decrementAndGet();
                loop.execute(
                        () -> answer.accept(to == null ? new Entry.Refused(0, "unknown") : new Entry.Routed(to, 0)));
            };
            synchronized (this) {
                if (holds) {
                    held.add(go);
                    return;
                }
            }
            go.run();
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
        public void gave(int account, long number) {
            // Nobody's transfers are settled here.
        }

        @Override
        public void took(int account, long number) {
            // Likewise.
        }

        @Override
        public void gone(int account, long number) {
            gone.add(account);
        }
    }

    private static final class Nobody implements Assignment {
        @Override
        public void tunnelLost(HostId host, Instant observedAt) {}

        @Override
        public void readiness(HostId host, MapName map, Epoch epoch, boolean ready, String detail) {}
    }
}
