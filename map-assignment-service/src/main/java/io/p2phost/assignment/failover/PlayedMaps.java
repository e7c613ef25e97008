package io.p2phost.assignment.failover;

import io.p2phost.contracts.MapName;
import java.util.Set;

/** Maps that players are on at the VPS. */
@FunctionalInterface
public interface PlayedMaps {
    /** Those that a host could have as well; none while db-proxy does not say. */
    Set<MapName> onReserve();
}
