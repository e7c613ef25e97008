package io.p2phost.relay.route;

import io.p2phost.contracts.MapName;
import java.util.Map;
import java.util.OptionalInt;

/** The public port of each map on this relay. */
public interface PublicPorts {
    /** The map's port, given once and kept for ever; empty when no port is left. */
    OptionalInt portOf(MapName map);

    /** Every port that was given, at most as many as the relay has. */
    Map<MapName, Integer> given();
}
