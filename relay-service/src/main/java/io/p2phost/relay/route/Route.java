package io.p2phost.relay.route;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import org.jspecify.annotations.Nullable;

/**
 * Who serves a map.
 *
 * @param owner null when nobody does
 */
public record Route(MapName map, Epoch epoch, @Nullable Owner owner) {
    /** The host that serves the map, or null when a VPS or nobody does. */
    public @Nullable HostId host() {
        return owner != null && owner.isHost() ? HostId.of(owner.id()) : null;
    }

    /** Whether that host serves the map. */
    public boolean isOf(HostId host) {
        return owner != null && owner.isHost(host);
    }
}
