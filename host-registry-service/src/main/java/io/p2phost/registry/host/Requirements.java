package io.p2phost.registry.host;

import java.util.Comparator;
import java.util.List;

/**
 * What machines need, as the operator configured it at map-assignment-service.
 *
 * @param version grows with each change of the configuration
 */
public record Requirements(long version, List<TierRequirement> tiers, double maxLatencyMs) {
    public Requirements {
        if (tiers.isEmpty()) {
            throw new IllegalArgumentException("tiers: none (expected: at least one)");
        }
        tiers = tiers.stream()
                .sorted(Comparator.comparingInt(TierRequirement::tier))
                .toList();
    }

    /** The highest tier whose requirements the machine meets, or why it meets not even the lowest one's. */
    public TierJudgement judge(Capability machine) {
        for (TierRequirement tier : tiers.reversed()) {
            if (tier.shortfallsOf(machine).isEmpty()) {
                return new TierJudgement.Accepted(tier.tier());
            }
        }
        return new TierJudgement.BelowMinimum(tiers.getFirst().shortfallsOf(machine));
    }
}
