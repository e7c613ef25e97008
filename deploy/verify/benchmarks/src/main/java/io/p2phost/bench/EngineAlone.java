package io.p2phost.bench;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.engine.Catalogue;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.dbproxy.engine.EngineSettings;
import io.p2phost.dbproxy.engine.Network;
import io.p2phost.dbproxy.engine.Orders;
import io.p2phost.dbproxy.mux.MuxSettings;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.SaveLimits;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.OwnerChange;
import io.p2phost.dbproxy.ownership.OwnerDecision;
import io.p2phost.dbproxy.sessions.JournalEntry;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionWriter;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.ro.layout.BuildLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** db-proxy's engine without database, broker and HTTP. */
final class EngineAlone {
    static final BuildLayout LAYOUT = BuildLayout.shipped(BuildLayout.LINUX_20200401);

    private static final String RESERVE = "reserve";
    private static final int PLAYERS = 10_000;

    private EngineAlone() {}

    /**
     * An engine before its start.
     *
     * @param owners every one a host
     */
    static Engine engine(
            int charPort, LinkMetrics metrics, List<MapOwner> owners, Engine.Witness witness, MeterRegistry meters) {
        return engine(charPort, new NoStore(), metrics, owners, witness, meters);
    }

    /** The same with a store. */
    static Engine engine(
            int charPort,
            SessionStore store,
            LinkMetrics metrics,
            List<MapOwner> owners,
            Engine.Witness witness,
            MeterRegistry meters) {
        Catalogue catalogue = new Catalogue(Clock.systemUTC());
        catalogue.entry(new MapName("prt_fild08"), true);
        owners.forEach(owner -> catalogue.entry(owner.map(), true));
        return new Engine(
                settings(charPort),
                new Engine.Parts(
                        metrics,
                        new FixedOwners(owners),
                        store,
                        loop -> new SessionWriter(
                                store,
                                loop,
                                new SessionWriter.Settings(Duration.ofMillis(500), PLAYERS, 64 << 20),
                                Clock.systemUTC(),
                                meters),
                        catalogue,
                        new NoOrders(),
                        witness,
                        Clock.systemUTC(),
                        meters));
    }

    private static EngineSettings settings(int charPort) {
        InetAddress here = InetAddress.getLoopbackAddress();
        SaveLimits limits = new SaveLimits(
                new SaveLimits.Gain(3, 3, 10_000_000, 10_000_000, Integer.MAX_VALUE),
                Map.of(),
                List.of(Pattern.compile(".*")));
        return new EngineSettings(
                new MuxSettings(
                        new MuxSettings.Address(0x7f00_0001, 7_000),
                        PassLoad.USER,
                        PassLoad.PASSWORD,
                        LAYOUT,
                        MuxSettings.Timing.USUAL,
                        limits),
                slot -> new InetSocketAddress(here, charPort),
                Duration.ofSeconds(2),
                new InetSocketAddress(here, 0),
                List.of(Network.parse("127.0.0.0/8")),
                new AddressLimits.Rules(8, 8, 100, 100, 16),
                new EngineSettings.Credentials(RESERVE, RESERVE),
                Duration.ofSeconds(30));
    }

    private record FixedOwners(List<MapOwner> all) implements MapOwners {
        @Override
        public OwnerDecision compareAndSet(OwnerChange change) {
            throw new UnsupportedOperationException("nobody asks here");
        }

        @Override
        public Optional<MapOwner> find(MapName map) {
            return all.stream().filter(owner -> owner.map().equals(map)).findFirst();
        }
    }

    private static final class NoStore implements SessionStore {
        @Override
        public Kept takeOver(Consumer<JournalEntry> journal) {
            return new Kept(List.of(), List.of());
        }

        @Override
        public void write(Batch batch) {}

        @Override
        public boolean isTakenOver() {
            return false;
        }

        @Override
        public byte[] secret() {
            return new byte[32];
        }
    }

    private static final class NoOrders implements Orders {
        @Override
        public void rehome(Outside.Rehome order, Optional<String> reserveAddress, Runnable unknown, Runnable untold) {}

        @Override
        public void release(String relay, int account, long number) {}

        @Override
        public void kick(String relay, int account, long number) {}

        @Override
        public void decide(MapName map, int account, @Nullable String relay) {}
    }
}
