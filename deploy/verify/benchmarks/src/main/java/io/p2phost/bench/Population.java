package io.p2phost.bench;

import io.p2phost.assignment.config.LoadLimits;
import io.p2phost.assignment.config.ScoreWeights;
import io.p2phost.assignment.config.TierRequirement;
import io.p2phost.assignment.selection.SelectionRules;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Hosts as they may be: three regions, three tiers, nine of ten Ready, loads that change with every heartbeat. */
final class Population {
    /** The packaged configuration's numbers. */
    static final SelectionRules RULES = new SelectionRules(
            List.of(
                    new TierRequirement(1, 3.0, 4, 8, 100),
                    new TierRequirement(2, 3.5, 6, 16, 200),
                    new TierRequirement(3, 4.0, 8, 32, 1000)),
            5,
            100,
            1,
            new LoadLimits(80, 85, 100),
            ScoreWeights.DEFAULT);

    private static final List<String> REGIONS = List.of("eu", "na", "asia");
    private static final int ACCOUNT = 2_000_001;

    private final Random random;
    private final HostStateChanged[] hosts;
    private final long[] versions;

    /** The same seed gives the same hosts with the same loads in the same order. */
    Population(int size, long seed) {
        random = new Random(seed);
        hosts = new HostStateChanged[size];
        versions = new long[size];
        for (int i = 0; i < size; i++) {
            hosts[i] = born();
        }
    }

    /** The host's state with a new load, and its version. */
    void heartbeat(int host, Picker picker) {
        HostStateChanged old = hosts[host];
        hosts[host] = with(old, old.tier(), old.cpuGhz(), old.cpuCores(), old.ramGb(), old.networkMbps());
        picker.put(hosts[host], ++versions[host]);
    }

    int size() {
        return hosts.length;
    }

    static String region(int n) {
        return REGIONS.get(Math.floorMod(n, REGIONS.size()));
    }

    private HostStateChanged born() {
        HostStateChanged blank = new HostStateChanged(
                HostId.of(new UUID(random.nextLong(), random.nextLong()).toString()),
                ACCOUNT,
                "host",
                region(random.nextInt(REGIONS.size())),
                random.nextInt(10) == 0 ? HostLifeState.UNHEALTHY : HostLifeState.READY,
                1,
                0,
                0,
                0,
                0,
                random.nextInt(1, 8),
                null,
                null,
                null,
                null,
                null,
                Instant.now().minusSeconds(random.nextInt(100_000)),
                null);
        int tier = random.nextInt(1, 4);
        return with(
                blank,
                tier,
                4 + random.nextDouble(),
                8 << random.nextInt(3),
                32 << random.nextInt(2),
                1000 + random.nextInt(1000));
    }

    private HostStateChanged with(HostStateChanged host, int tier, double ghz, int cores, double ram, double mbps) {
        return new HostStateChanged(
                host.hostId(),
                host.accountId(),
                host.name(),
                host.region(),
                host.state(),
                tier,
                ghz,
                cores,
                ram,
                mbps,
                host.maxMaps(),
                random.nextDouble(90),
                random.nextDouble(95),
                random.nextDouble(60),
                random.nextDouble(110),
                random.nextDouble(3),
                host.readySince(),
                null);
    }
}
