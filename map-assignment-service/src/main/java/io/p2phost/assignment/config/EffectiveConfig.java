package io.p2phost.assignment.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Everything the operator's files say, checked and in force.
 *
 * @param tiers for tiers 1, 2 and 3
 * @param relayServers region to address, as the files name them
 * @param warnings what was accepted but will not do what one might expect
 */
public record EffectiveConfig(
        List<EffectiveSetting> settings,
        boolean enabled,
        List<TierRequirement> tiers,
        int maxLatencyMs,
        int maxMapsPerHost,
        int minHosts,
        int replication,
        boolean autoDistribute,
        Duration loadCheckInterval,
        Duration failoverTimeout,
        LoadLimits loadLimits,
        ScoreWeights weights,
        MapRules maps,
        Map<String, String> relayServers,
        List<String> warnings) {
    public EffectiveConfig {
        settings = List.copyOf(settings);
        tiers = List.copyOf(tiers);
        relayServers = Map.copyOf(relayServers);
        warnings = List.copyOf(warnings);
    }

    public TierRequirement tier(int tier) {
        return tiers.get(tier - 1);
    }
}
