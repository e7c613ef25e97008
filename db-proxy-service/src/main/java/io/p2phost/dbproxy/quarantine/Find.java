package io.p2phost.dbproxy.quarantine;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rare items that a host's map gave to somebody.
 *
 * @param itemId number in the item database
 * @param decidedBy who confirmed or refused it; null while it waits
 */
public record Find(
        UUID id,
        int accountId,
        int characterId,
        int itemId,
        int amount,
        HostId hostId,
        MapName map,
        Instant foundAt,
        State state,
        @Nullable Instant decidedAt,
        @Nullable String decidedBy,
        @Nullable String reason) {
    /** What became of it. */
    public enum State {
        /** Marked, until it is decided. */
        WAITING,
        /** The player's; its mark goes. */
        CONFIRMED,
        /** Marked for good: to be taken away by the means of the game, or confirmed after all. */
        REFUSED
    }
}
