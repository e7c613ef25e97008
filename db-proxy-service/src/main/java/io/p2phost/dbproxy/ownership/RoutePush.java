package io.p2phost.dbproxy.ownership;

import java.util.List;

/** Tells relays about an owner in effect. */
public interface RoutePush {
    /** Tells every live relay, within the deadline; returns those that accepted. */
    List<RelayRoute> push(MapOwner owner);
}
