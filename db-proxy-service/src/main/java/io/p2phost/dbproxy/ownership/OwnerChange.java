package io.p2phost.dbproxy.ownership;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import org.jspecify.annotations.Nullable;

/**
 * A wish to change a map's owner.
 *
 * @param fromEpoch the epoch the caller believes current; {@link Epoch#NONE} for a map that never had an owner
 * @param owner the new owner, null to release the map
 * @param planned the owner now is well: its players' final saves are waited for first
 * @param unreached no relay reaches it, so that its char link is asked for the final saves
 * @param cause why, for events and audit
 * @param actor who asks
 */
public record OwnerChange(
        MapName map,
        Epoch fromEpoch,
        @Nullable Owner owner,
        boolean planned,
        boolean unreached,
        String cause,
        String actor) {
    /** Of an owner that relays reach. */
    public OwnerChange(
            MapName map, Epoch fromEpoch, @Nullable Owner owner, boolean planned, String cause, String actor) {
        this(map, fromEpoch, owner, planned, false, cause, actor);
    }
}
