package io.p2phost.demo;

import io.p2phost.ro.sim.Point;

/** Where one walks from map to map. */
interface Ways {
    /** A cell of the portal that leads from one map to the other. */
    Point portal(String from, String to);

    /** A cell beside it, on the same map. */
    Point beside(String from, String to);
}
