package io.p2phost.relay.route;

import org.jspecify.annotations.Nullable;

/** Told of each change of a route, in order. Must not block: the table is locked meanwhile. */
@FunctionalInterface
public interface RouteListener {
    /**
     * A route is in effect now.
     *
     * @param before what was in effect, or null when this is the first one of the map
     */
    void changed(@Nullable Route before, Route now);
}
