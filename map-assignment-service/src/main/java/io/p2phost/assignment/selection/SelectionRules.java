package io.p2phost.assignment.selection;

import io.p2phost.assignment.config.EffectiveConfig;
import io.p2phost.assignment.config.LoadLimits;
import io.p2phost.assignment.config.ScoreWeights;
import io.p2phost.assignment.config.TierRequirement;
import java.util.List;

/**
 * What the operator's settings say about choosing.
 *
 * @param tiers requirements of tiers 1, 2, 3
 * @param minHosts with fewer hosts Ready nothing is chosen
 */
public record SelectionRules(
        List<TierRequirement> tiers,
        int maxMapsPerHost,
        int maxLatencyMs,
        int minHosts,
        LoadLimits loadLimits,
        ScoreWeights weights) {
    public SelectionRules {
        tiers = List.copyOf(tiers);
    }

    public static SelectionRules of(EffectiveConfig config) {
        return new SelectionRules(
                config.tiers(),
                config.maxMapsPerHost(),
                config.maxLatencyMs(),
                config.minHosts(),
                config.loadLimits(),
                config.weights());
    }

    TierRequirement tier(int tier) {
        return tiers.get(tier - 1);
    }
}
