package io.p2phost.registry.config;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.registry.apikey.ApiKeys;
import io.p2phost.registry.bundle.Bundles;
import io.p2phost.registry.enrolment.EnrolmentCodes;
import io.p2phost.registry.host.HostLeases;
import io.p2phost.registry.host.Hosts;
import io.p2phost.registry.host.LeaseTracker;
import io.p2phost.registry.host.LoadReports;
import io.p2phost.registry.loop.Loop;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The registry's own gauges. Counts from tables are taken every 15 s, not with every scrape. */
final class RegistryGauges implements AutoCloseable {
    private static final Duration ROUND = Duration.ofSeconds(15);

    private final Hosts hosts;
    private final EnrolmentCodes codes;
    private final ApiKeys keys;
    private final Bundles bundles;
    private final Clock clock;
    private final Map<HostLifeState, AtomicLong> byState = new EnumMap<>(HostLifeState.class);
    private final AtomicLong openCodes = new AtomicLong();
    private final AtomicLong usableKeys = new AtomicLong();
    private volatile Bundles.Kept kept = new Bundles.Kept(0, 0, 0, 0);
    private final Loop loop = new Loop("registry-gauges", ROUND, this::count);

    RegistryGauges(Hosts hosts, EnrolmentCodes codes, ApiKeys keys, Bundles bundles, Clock clock) {
        this.hosts = hosts;
        this.codes = codes;
        this.keys = keys;
        this.bundles = bundles;
        this.clock = clock;
        for (HostLifeState state : HostLifeState.values()) {
            byState.put(state, new AtomicLong());
        }
    }

    void bind(MeterRegistry meters) {
        byState.forEach((state, count) -> Gauge.builder("p2p_hosts", count, AtomicLong::get)
                .description("enrolled hosts by state")
                .tag("state", state.name())
                .register(meters));
        Gauge.builder("p2p_enrolment_codes_open", openCodes, AtomicLong::get)
                .description("enrolment codes that can be redeemed")
                .register(meters);
        Gauge.builder("p2p_api_keys_usable", usableKeys, AtomicLong::get)
                .description("API keys that are neither revoked nor expired")
                .register(meters);
    }

    void bindBundles(MeterRegistry meters) {
        Gauge.builder("p2p_bundle_stored_bytes", this, g -> g.kept.bytes())
                .description("bytes of the pieces of bundles that are kept; each piece counts once")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("p2p_bundle_stored_chunks", this, g -> g.kept.chunks())
                .description("pieces of bundles that are kept")
                .register(meters);
        Gauge.builder("p2p_bundle_releases", this, g -> g.kept.releases())
                .description("released versions of the bundle that are kept")
                .register(meters);
        Gauge.builder("p2p_bundle_drafts", this, g -> g.kept.drafts())
                .description("versions of the bundle that were begun and not released")
                .register(meters);
    }

    void bindLeases(MeterRegistry meters, LeaseTracker tracker, HostLeases leases, LoadReports loads) {
        Gauge.builder("p2p_leases_tracked", tracker, LeaseTracker::size)
                .description("hosts with a lease")
                .register(meters);
        Gauge.builder("p2p_lease_check_slips", tracker, LeaseTracker::slips)
                .description("checks that came too late and re-armed all leases")
                .register(meters);
        Gauge.builder("p2p_lease_judging_suspended", tracker, t -> t.isSuspended() ? 1 : 0)
                .description("1 while heartbeats may be missed and nothing lapses")
                .register(meters);
        TimeGauge.builder(
                        "p2p_lease_expiry_lag",
                        tracker,
                        TimeUnit.NANOSECONDS,
                        t -> t.lag().toNanos())
                .description("how long after its end the latest lapse was found")
                .register(meters);
        Gauge.builder("p2p_lease_lapses_waiting", leases, HostLeases::waiting)
                .description("lapses found and not yet written")
                .register(meters);
        Gauge.builder("p2p_host_loads_held", loads, LoadReports::size)
                .description("hosts that have reported a load")
                .register(meters);
    }

    void start() {
        count();
        loop.start();
    }

    private void count() {
        Map<HostLifeState, Long> counted = hosts.countByState();
        byState.forEach((state, count) -> count.set(counted.getOrDefault(state, 0L)));
        openCodes.set(codes.countOpen(clock.instant()));
        usableKeys.set(keys.countUsable(clock.instant()));
        kept = bundles.kept();
    }

    @Override
    public void close() {
        loop.close();
    }
}
