package io.p2phost.relay.front;

import io.p2phost.contracts.MapName;
import io.p2phost.relay.route.Route;
import java.util.OptionalInt;

/** The public ports at which players connect. */
public interface Front {
    /**
     * Listens at the map's public port, if it does not yet.
     *
     * @return the port; empty when none is left or it cannot be listened at
     */
    OptionalInt open(MapName map);

    /** Ends the connections that an older route of the map was made for, and sees that its port is open. Must not block. */
    void changed(Route route);

    /** Player connections that stand now. */
    int sessions();

    /** Bytes from players to map-servers since the start. */
    long bytesToServers();

    /** Bytes from map-servers to players since the start. */
    long bytesToPlayers();
}
