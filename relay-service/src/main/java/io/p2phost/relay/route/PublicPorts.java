package io.p2phost.relay.route;

import io.p2phost.contracts.MapName;
import java.util.OptionalInt;

/** The public port of each map. */
public interface PublicPorts {
    /** The map's port, given once and kept for ever; empty when no port is left. */
    OptionalInt portOf(MapName map);
}
