package io.p2phost.assignment.bundle;

import io.p2phost.contracts.MapName;

/**
 * The maps of the bundle that hosts run now. A map that is not among them is given to nobody: each host in turn would
 * fail to start it and be passed over for that.
 */
@FunctionalInterface
public interface ReleasedMaps {
    /** Whether hosts can run the map; true while no bundle was ever released, or nothing is known of it. */
    boolean has(MapName map);
}
