package io.p2phost.bench;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.util.internal.PlatformDependent;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Json;
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
import io.p2phost.relay.player.Kind;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.PlayerSettings;
import io.p2phost.relay.player.Players;
import io.p2phost.relay.player.Tap;
import io.p2phost.relay.route.RouteTable;
import io.p2phost.relay.tap.TapDesk;
import io.p2phost.relay.telemetry.RelayMetrics;
import io.p2phost.relay.tunnel.Assignment;
import io.p2phost.relay.tunnel.Deliveries;
import io.p2phost.relay.tunnel.HostStates;
import io.p2phost.relay.tunnel.HostTunnels;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.client.Enter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Ours, in a process of its own: the relay's front with its sessions and sockets, without database, broker and HTTP.
 * db-proxy's answer is at hand: everybody goes to one map-server, of the VPS or of a host behind its tunnel. It prints its
 * port and answers each line: {@code tunnels} with the port for tunnels, {@code up} once the host's is there, {@code cpu}
 * with the CPU nanoseconds of all and of the taps, {@code observations} with how many there were, any other with its memory.
 */
final class RelayServer {
    private static final int MEBIBYTE = 1 << 20;
    /** As the relay's settings have it, but for the figures that a load from one machine needs otherwise. */
    private static final PlayerSettings.Flow FLOW = new PlayerSettings.Flow(
            200,
            1_000,
            65_536,
            262_144,
            Map.of(
                    Kind.CHAT, new PlayerSettings.Rate(10, 30),
                    Kind.MOVE, new PlayerSettings.Rate(30, 90),
                    Kind.ACTION, new PlayerSettings.Rate(30, 90)));

    private static final long PENDING = 2 << 20;
    private static final Duration STALLED = Duration.ofMinutes(1);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration TUNNEL = Duration.ofSeconds(20);
    static final HostId HOST = Hosting.host(1);

    private RelayServer() {}

    /**
     * The map-server's port; players at once; connections a second from one address, and at once. For a host: folder with
     * the relay's key and certificates.
     */
    public static void main(String[] args) throws Exception {
        int mapServer = Integer.parseInt(args[0]);
        int players = Integer.parseInt(args[1]);
        AddressLimits.Rules limits = new AddressLimits.Rules(
                players, players, Double.parseDouble(args[2]), Integer.parseInt(args[3]), 65_536);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        RelayMetrics metrics = new RelayMetrics(meters);
        RouteTable routes = new RouteTable();
        boolean hosted = args.length > 4;
        LongAdder looking = new LongAdder();
        TapDesk desk = new TapDesk("relay-1", WINDOW, Json.mapper()::writeValueAsBytes, Clock.systemUTC(), meters);
        try (desk;
                LinkTransport transport =
                        LinkTransport.start("relay", Runtime.getRuntime().availableProcessors());
                HostTunnels tunnels = new HostTunnels(
                        new TunnelServer.Options("relay-1", LinkSettings.defaults(), limits),
                        hosted
                                ? RotatingTls.accepting(TlsProvider.best(), TlsFolder.read(Path.of(args[4])))
                                : RotatingTls.accepting(TlsProvider.JDK),
                        transport,
                        host -> CompletableFuture.completedFuture(
                                hosted ? Optional.empty() : Optional.of(GoAwayCode.NOT_ADMITTED)),
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
                                new OneMapServer(
                                        hosted ? Owner.host(HOST) : Owner.vps("reserve", "127.0.0.1:" + mapServer)),
                                new SourceAddresses(new byte[SourceAddresses.KEY_BYTES]),
                                (loop, asker, words, answer) -> loop.execute(() -> answer.accept(List.of())),
                                hosted ? new Timed(desk, looking) : Tap.Taps.NONE,
                                metrics))) {
            desk.start();
            tunnels.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            front.start();
            System.out.println(front.ports().getFirst());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(
                        switch (line) {
                            case "tunnels" -> Integer.toString(tunnels.port());
                            case "up" -> up(tunnels);
                            case "cpu" -> cpuNanos() + " " + (looking.sum() + cpuNanosOf("taps"));
                            case "observations" ->
                                Long.toString((long) meters.counter("p2p_relay_observations_total")
                                        .count());
                            default -> memory();
                        });
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

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long cpuNanosOf(String thread) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(each -> each != null && each.getThreadName().equals(thread))
                .mapToLong(each -> threads.getThreadCpuTime(each.getThreadId()))
                .sum();
    }

    /** How long taps look; the clock's own time counts too. */
    private record Timed(Tap.Taps taps, LongAdder nanos) implements Tap.Taps {
        @Override
        public Tap tap(Destination to, int account, Loop loop) {
            Tap tap = taps.tap(to, account, loop);
            return new Tap() {
                @Override
                public void fromServer(int id, ByteBuf in, int at, int length) {
                    long since = System.nanoTime();
                    tap.fromServer(id, in, at, length);
                    nanos.add(System.nanoTime() - since);
                }

                @Override
                public void fromClient(int id, ByteBuf in, int at, int length) {
                    long since = System.nanoTime();
                    tap.fromClient(id, in, at, length);
                    nanos.add(System.nanoTime() - since);
                }

                @Override
                public void end() {
                    tap.end();
                }
            };
        }
    }

    private static String up(HostTunnels tunnels) throws InterruptedException {
        long end = System.nanoTime() + TUNNEL.toNanos();
        while (tunnels.of(HOST).isEmpty()) {
            if (System.nanoTime() > end) {
                return "no tunnel within " + TUNNEL.toSeconds() + " s";
            }
            Thread.sleep(10);
        }
        return "up";
    }

    /** In MiB: what of the heap is in use after a collection, and memory outside of it. */
    @SuppressWarnings("removal")
    private static String memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE + " "
                + PlatformDependent.usedDirectMemory() / MEBIBYTE;
    }

    private record OneMapServer(Owner owner) implements DbProxy {
        @Override
        public void enter(Loop loop, Enter enter, String clientIp, Consumer<Entry> answer) {
            Destination to =
                    new Destination(owner, MapName.of("prt_fild08"), Epoch.of(1), enter.loginId1(), 1, 100, 80);
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
