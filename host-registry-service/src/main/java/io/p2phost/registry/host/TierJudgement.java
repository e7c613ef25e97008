package io.p2phost.registry.host;

import java.util.List;

/** What a machine is good for. */
public sealed interface TierJudgement {
    /** It may host maps up to this tier. */
    record Accepted(int tier) implements TierJudgement {}

    /** It may not host at all; every shortfall is named, so that its owner need not try again for each. */
    record BelowMinimum(List<Shortfall> shortfalls) implements TierJudgement {
        public BelowMinimum {
            shortfalls = List.copyOf(shortfalls);
        }
    }
}
