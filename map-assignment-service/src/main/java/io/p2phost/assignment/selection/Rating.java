package io.p2phost.assignment.selection;

import io.p2phost.assignment.config.ScoreWeights;
import io.p2phost.assignment.config.TierRequirement;
import io.p2phost.assignment.selection.Refusal.Gate;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gates and terms of one host under the rules in force. Pure arithmetic. */
final class Rating {
    /** What an unknown measurement counts: neither for nor against. */
    private static final double UNKNOWN = 0.5;

    /** Loss at which the term is 0: a game with 5 % loss is not played for long. */
    private static final double WORST_LOSS_PERCENT = 5;

    /** Uptime at which stability is one half. */
    private static final double HALF_STABLE_SECONDS = 3600;

    private Rating() {}

    /** The gates that do not depend on the map; null when all are passed. */
    static @Nullable Refusal refusal(HostStateChanged host, int activeMaps, SelectionRules rules) {
        if (host.state() != HostLifeState.READY) {
            return new Refusal(Gate.STATE, "state: " + host.state() + " (expected: READY)");
        }
        if (host.tier() < 1) {
            return new Refusal(Gate.TIER, "tier: " + host.tier() + " (expected: 1 to 3)");
        }
        Refusal load = overLimit(
                Gate.CPU_LOAD, "cpu", host.cpuPercent(), rules.loadLimits().cpuPercent());
        if (load == null) {
            load = overLimit(
                    Gate.MEMORY_LOAD,
                    "memory",
                    host.memoryPercent(),
                    rules.loadLimits().memoryPercent());
        }
        if (load == null) {
            load = overLimit(
                    Gate.NETWORK_LOAD,
                    "network",
                    host.networkPercent(),
                    rules.loadLimits().networkPercent());
        }
        if (load != null) {
            return load;
        }
        Double latency = host.latencyMs();
        if (latency != null && latency > rules.maxLatencyMs()) {
            return new Refusal(Gate.LATENCY, "latency: " + latency + " ms (expected: <= " + rules.maxLatencyMs() + ")");
        }
        int slots = slots(host, rules);
        if (activeMaps >= slots) {
            return new Refusal(Gate.MAP_SLOTS, "maps: " + activeMaps + " (expected: < " + slots + ")");
        }
        return null;
    }

    static int slots(HostStateChanged host, SelectionRules rules) {
        return Math.min(host.maxMaps(), rules.maxMapsPerHost());
    }

    /** The weighted sum of every term but the region, which depends on the player. */
    static double base(HostStateChanged host, int activeMaps, int minTier, SelectionRules rules, Instant at) {
        ScoreWeights w = rules.weights();
        return w.capability() * capability(host, rules.tier(minTier))
                + w.freeCapacity() * freeCapacity(host, activeMaps, rules)
                + w.latency() * latency(host, rules)
                + w.loss() * loss(host)
                + w.stability() * stability(host, at);
    }

    static Score score(
            HostStateChanged host,
            int activeMaps,
            int minTier,
            @Nullable String region,
            SelectionRules rules,
            Instant at) {
        ScoreWeights w = rules.weights();
        return Score.of(List.of(
                new Score.Term("capability", capability(host, rules.tier(minTier)), w.capability()),
                new Score.Term("free_capacity", freeCapacity(host, activeMaps, rules), w.freeCapacity()),
                new Score.Term("latency", latency(host, rules), w.latency()),
                new Score.Term("loss", loss(host), w.loss()),
                new Score.Term("stability", stability(host, at), w.stability()),
                new Score.Term("region", sameRegion(host, region) ? 1 : 0, w.region())));
    }

    static boolean sameRegion(HostStateChanged host, @Nullable String region) {
        return region != null && host.region().equalsIgnoreCase(region);
    }

    /** How far above the tier's minimum, saturating: the minimum is 0, twice as much is 0.5. */
    private static double capability(HostStateChanged host, TierRequirement least) {
        return (above(host.cpuGhz(), least.cpuGhz())
                        + above(host.cpuCores(), least.cpuCores())
                        + above(host.ramGb(), least.ramGb())
                        + above(host.networkMbps(), least.networkMbps()))
                / 4;
    }

    private static double above(double actual, double least) {
        if (least <= 0) {
            return actual > 0 ? 1 : 0;
        }
        double surplus = Math.max(0, actual / least - 1);
        return surplus / (1 + surplus);
    }

    private static double freeCapacity(HostStateChanged host, int activeMaps, SelectionRules rules) {
        double slots = Math.max(1, slots(host, rules));
        return (free(host.cpuPercent())
                        + free(host.memoryPercent())
                        + free(host.networkPercent())
                        + Math.clamp(1 - activeMaps / slots, 0, 1))
                / 4;
    }

    private static double free(@Nullable Double percent) {
        return percent == null ? UNKNOWN : Math.clamp(1 - percent / 100, 0, 1);
    }

    private static double latency(HostStateChanged host, SelectionRules rules) {
        Double millis = host.latencyMs();
        return millis == null ? UNKNOWN : Math.clamp(1 - millis / rules.maxLatencyMs(), 0, 1);
    }

    private static double loss(HostStateChanged host) {
        Double percent = host.packetLossPercent();
        return percent == null ? UNKNOWN : Math.clamp(1 - percent / WORST_LOSS_PERCENT, 0, 1);
    }

    private static double stability(HostStateChanged host, Instant at) {
        Instant since = host.readySince();
        double seconds =
                since == null ? 0 : Math.max(0, Duration.between(since, at).toMillis() / 1000.0);
        return seconds / (seconds + HALF_STABLE_SECONDS);
    }

    private static @Nullable Refusal overLimit(Gate gate, String what, @Nullable Double percent, double limit) {
        return percent != null && percent > limit
                ? new Refusal(gate, what + ": " + percent + " % (expected: <= " + limit + ")")
                : null;
    }
}
