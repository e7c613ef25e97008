package io.p2phost.assignment.entry;

import io.p2phost.contracts.MapName;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A player enters a map.
 *
 * @param requestId chosen by the caller; the same id gets the same answer
 * @param region where the player is; null when the caller does not know
 */
public record EntryRequest(
        UUID requestId,
        MapName map,
        long accountId,
        @Nullable String region) {}
