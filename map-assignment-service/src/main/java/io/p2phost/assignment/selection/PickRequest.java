package io.p2phost.assignment.selection;

import io.p2phost.contracts.HostId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a host.
 *
 * @param minTier 1 to 3
 * @param region where the player is; null when nobody knows
 * @param excluded hosts that must not be chosen
 */
public record PickRequest(int minTier, @Nullable String region, Set<HostId> excluded) {
    public PickRequest {
        if (minTier < 1 || minTier > 3) {
            throw new IllegalArgumentException("minTier: " + minTier + " (expected: 1 to 3)");
        }
        excluded = Set.copyOf(excluded);
    }

    public static PickRequest of(int minTier, @Nullable String region) {
        return new PickRequest(minTier, region, Set.of());
    }
}
