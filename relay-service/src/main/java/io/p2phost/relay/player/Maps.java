package io.p2phost.relay.player;

import io.p2phost.contracts.MapName;

/** Who serves which map, as far as the relay knows. */
@FunctionalInterface
public interface Maps {
    /** Whether a host serves the map now. */
    boolean isHosted(MapName map);
}
