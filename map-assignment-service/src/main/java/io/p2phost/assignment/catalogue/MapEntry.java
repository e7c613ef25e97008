package io.p2phost.assignment.catalogue;

import io.p2phost.contracts.MapName;
import org.jspecify.annotations.Nullable;

/**
 * What may be done with a map.
 *
 * @param minTier least tier of a host, 1 to 3; 0 when it is never hosted
 * @param category the kind of maps that covers it; null when a line of its own or none does
 * @param reason why this is so, for operators
 */
public record MapEntry(
        MapName map,
        Eligibility eligibility,
        int minTier,
        @Nullable String category,
        String reason) {
    /** The three answers. */
    public enum Eligibility {
        ELIGIBLE,
        /** The operator said never: in restricted_maps, or tier 0. */
        RESTRICTED,
        /** Nothing says that it may be hosted, or its name cannot be announced. */
        NOT_ELIGIBLE
    }

    public boolean eligible() {
        return eligibility == Eligibility.ELIGIBLE;
    }
}
