package io.p2phost.contracts.event;

import io.p2phost.contracts.MapName;
import org.jspecify.annotations.Nullable;

/**
 * What may be done with a map (topic {@code p2p.map-catalogue.v1}, key map).
 *
 * @param minTier least tier of a host for this map; 0 when it is never hosted
 * @param reason why it is not eligible; null when it is
 */
public record MapCatalogueEntry(
        MapName map,
        boolean eligible,
        boolean restricted,
        int minTier,
        @Nullable String category,
        @Nullable String reason) {
    public static final String TYPE = "MapCatalogueEntry";
}
