package io.p2phost.bench;

import com.google.common.collect.Ordering;
import io.p2phost.assignment.config.TierRequirement;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The rival: what one would otherwise write. All hosts in a concurrent map, rated when they are taken in; a pick looks
 * at each, and Guava's {@link Ordering#greatestOf} finds the best few without sorting the rest. The same gates, terms
 * and weights as ours.
 */
final class ScanPicker implements Picker {
    static final String NAME = "scan of all hosts with Guava's Ordering.greatestOf";

    /** Among how many of the best one is chosen by lot; what is not nearly as good as the best is left out. */
    private static final int BEST = 8;

    private static final double NEAR_TIE = 0.02;
    private static final double HALF_STABLE_SECONDS = 3600;
    private static final double WORST_LOSS_PERCENT = 5;

    private final Map<HostId, Rated> hosts = new ConcurrentHashMap<>();

    /** A host with its score without the region's term, for least tiers 1 to 3. */
    private static final class Rated {
        private final HostStateChanged host;
        private final long version;
        private final boolean free;
        private final double[] base;

        Rated(HostStateChanged host, long version, boolean free, double[] base) {
            this.host = host;
            this.version = version;
            this.free = free;
            this.base = base;
        }
    }

    private record Candidate(HostId host, double score) {}

    @Override
    public void put(HostStateChanged host, long version) {
        Rated rated = rate(host, version);
        hosts.merge(host.hostId(), rated, (old, now) -> now.version < old.version ? old : now);
    }

    @Override
    public @Nullable HostId pick(int minTier, String region) {
        double regionWeight = Population.RULES.weights().region();
        List<Candidate> candidates = new ArrayList<>(hosts.size());
        for (Rated rated : hosts.values()) {
            if (rated.free && rated.host.tier() >= minTier) {
                double score = rated.base[minTier - 1] + (rated.host.region().equals(region) ? regionWeight : 0);
                candidates.add(new Candidate(rated.host.hostId(), score));
            }
        }
        List<Candidate> best =
                Ordering.from(Comparator.comparingDouble(Candidate::score)).greatestOf(candidates, BEST);
        if (best.isEmpty()) {
            return null;
        }
        double least =
                best.getFirst().score - NEAR_TIE * Population.RULES.weights().sum();
        int near = (int) best.stream().filter(c -> c.score >= least).count();
        return best.get(ThreadLocalRandom.current().nextInt(near)).host;
    }

    private static Rated rate(HostStateChanged host, long version) {
        double[] base = new double[Population.RULES.tiers().size()];
        for (int i = 0; i < base.length; i++) {
            base[i] = base(host, Population.RULES.tiers().get(i));
        }
        return new Rated(host, version, free(host), base);
    }

    private static boolean free(HostStateChanged host) {
        var limits = Population.RULES.loadLimits();
        return host.state() == HostLifeState.READY
                && Objects.requireNonNull(host.cpuPercent()) <= limits.cpuPercent()
                && Objects.requireNonNull(host.memoryPercent()) <= limits.memoryPercent()
                && Objects.requireNonNull(host.networkPercent()) <= limits.networkPercent()
                && Objects.requireNonNull(host.latencyMs()) <= Population.RULES.maxLatencyMs()
                && Math.min(host.maxMaps(), Population.RULES.maxMapsPerHost()) > 0;
    }

    private static double base(HostStateChanged host, TierRequirement least) {
        var weights = Population.RULES.weights();
        double capability = (above(host.cpuGhz(), least.cpuGhz())
                        + above(host.cpuCores(), least.cpuCores())
                        + above(host.ramGb(), least.ramGb())
                        + above(host.networkMbps(), least.networkMbps()))
                / 4;
        double capacity = (4
                        - (Objects.requireNonNull(host.cpuPercent())
                                        + Objects.requireNonNull(host.memoryPercent())
                                        + Objects.requireNonNull(host.networkPercent()))
                                / 100)
                / 4;
        double latency =
                Math.clamp(1 - Objects.requireNonNull(host.latencyMs()) / Population.RULES.maxLatencyMs(), 0, 1);
        double loss = Math.clamp(1 - Objects.requireNonNull(host.packetLossPercent()) / WORST_LOSS_PERCENT, 0, 1);
        double seconds = Duration.between(Objects.requireNonNull(host.readySince()), Instant.now())
                .toSeconds();
        return weights.capability() * capability
                + weights.freeCapacity() * capacity
                + weights.latency() * latency
                + weights.loss() * loss
                + weights.stability() * seconds / (seconds + HALF_STABLE_SECONDS);
    }

    private static double above(double actual, double least) {
        double surplus = Math.max(0, actual / least - 1);
        return surplus / (1 + surplus);
    }
}
