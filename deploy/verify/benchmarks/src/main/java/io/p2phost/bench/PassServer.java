package io.p2phost.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.engine.Catalogue;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.dbproxy.engine.EngineSettings;
import io.p2phost.dbproxy.engine.Network;
import io.p2phost.dbproxy.engine.Orders;
import io.p2phost.dbproxy.mux.MuxSettings;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.SaveLimits;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.OwnerChange;
import io.p2phost.dbproxy.ownership.OwnerDecision;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionWriter;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.ro.layout.BuildLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ours, in a process of its own: db-proxy's engine with its sockets, without database, broker and HTTP. */
final class PassServer {
    private static final String RESERVE = "reserve";

    private PassServer() {}

    /** Prints the port for map-servers, and ends with its input. */
    public static void main(String[] args) throws Exception {
        int charPort = Integer.parseInt(args[0]);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Catalogue catalogue = new Catalogue(Clock.systemUTC());
        catalogue.entry(new MapName("prt_fild08"), true);
        SessionStore store = new NoStore();
        try (LinkTransport transport = LinkTransport.start("pass", 1);
                Engine engine = new Engine(
                        settings(charPort),
                        new Engine.Parts(
                                transport,
                                LinkMetrics.NONE,
                                new NoOwners(),
                                store,
                                loop -> new SessionWriter(
                                        store,
                                        loop,
                                        new SessionWriter.Settings(Duration.ofMillis(500), 100),
                                        Clock.systemUTC(),
                                        meters),
                                catalogue,
                                new NoOrders(),
                                Engine.Witness.NONE,
                                Clock.systemUTC(),
                                meters))) {
            engine.start(() -> System.exit(1));
            System.out.println(engine.vpsPort());
            while (System.in.read() >= 0) {
                // Whoever started us is still there.
            }
        }
    }

    private static EngineSettings settings(int charPort) {
        InetAddress here = InetAddress.getLoopbackAddress();
        return new EngineSettings(
                new MuxSettings(
                        new MuxSettings.Address(0x7f00_0001, 7_000),
                        PassLoad.USER,
                        PassLoad.PASSWORD,
                        BuildLayout.shipped(BuildLayout.LINUX_20200401),
                        MuxSettings.Timing.USUAL,
                        new SaveLimits(new SaveLimits.Gain(1, 1, 1, 1, 1), Map.of(), List.of())),
                slot -> new InetSocketAddress(here, charPort),
                Duration.ofSeconds(2),
                new InetSocketAddress(here, 0),
                List.of(Network.parse("127.0.0.0/8")),
                new AddressLimits.Rules(8, 8, 100, 100, 16),
                new EngineSettings.Credentials(RESERVE, RESERVE));
    }

    private static final class NoOwners implements MapOwners {
        @Override
        public OwnerDecision compareAndSet(OwnerChange change) {
            throw new UnsupportedOperationException("nobody asks here");
        }

        @Override
        public Optional<MapOwner> find(MapName map) {
            return Optional.empty();
        }

        @Override
        public List<MapOwner> all() {
            return List.of();
        }
    }

    private static final class NoStore implements SessionStore {
        @Override
        public List<SessionRow> takeOver() {
            return List.of();
        }

        @Override
        public void write(Batch batch) {}

        @Override
        public byte[] secret() {
            return new byte[32];
        }
    }

    private static final class NoOrders implements Orders {
        @Override
        public void rehome(Outside.Rehome order, Optional<String> reserveAddress, Runnable unknown) {}

        @Override
        public void release(String relay, int account, long number) {}

        @Override
        public void kick(String relay, int account, long number) {}

        @Override
        public void decide(MapName map, int account, @Nullable String relay) {}
    }
}
