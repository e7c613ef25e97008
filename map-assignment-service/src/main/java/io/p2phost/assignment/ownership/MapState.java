package io.p2phost.assignment.ownership;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A map's row: the owner in effect as db-proxy last answered, and the intent on its way, if any.
 *
 * @param ownerSince when the owner got the map; null without one
 * @param routes the relays' public ports as of the last change made here
 * @param readyEpoch newest epoch for which a host said that it is ready
 * @param failedEpoch newest epoch for which a host said that it cannot
 * @param readyDeadline until when a new host must be ready; null when nothing is waited for
 * @param heldUntil until when the map stays on the VPS because an operator put it there
 */
public record MapState(
        MapName map,
        Epoch epoch,
        @Nullable Owner owner,
        @Nullable Instant ownerSince,
        List<Route> routes,
        long readyEpoch,
        long failedEpoch,
        @Nullable Instant readyDeadline,
        @Nullable Intent intent,
        @Nullable Instant lastEnteredAt,
        @Nullable Instant heldUntil) {
    public MapState {
        routes = List.copyOf(routes);
    }

    /** A map of which nothing is known yet. */
    public static MapState unowned(MapName map) {
        return new MapState(map, Epoch.NONE, null, null, List.of(), 0, 0, null, null, null, null);
    }

    /** Whether the owner serves the map: a host when it said so for this epoch, a VPS always. */
    public boolean ready() {
        return owner != null && (!owner.isHost() || readyEpoch == epoch.value());
    }

    /** Whether the host said that it cannot serve the map at this epoch. */
    public boolean failed() {
        return hostOwned() && failedEpoch == epoch.value() && !ready();
    }

    public boolean hostOwned() {
        return owner != null && owner.isHost();
    }

    public boolean ownedBy(HostId host) {
        return owner != null && owner.isHost(host);
    }

    /** Whether db-proxy's answer to that attempt is from before its start: db-proxy lost its rows. */
    public boolean lostBy(UUID attempt, Epoch answered) {
        return intent != null && intent.attempt().equals(attempt) && answered.isBefore(intent.fromEpoch());
    }

    public boolean heldAt(Instant now) {
        return heldUntil != null && now.isBefore(heldUntil);
    }
}
