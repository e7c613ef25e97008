package io.p2phost.links.tunnel;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.GoAwayCode;
import java.time.Duration;

/** Events of a host's tunnel, in order, on its event loop; implementations must not block. */
public interface TunnelClientListener {
    /**
     * The tunnel works; or another connection leads it now, and what was said on the one before may be lost. Say READY
     * again.
     */
    default void connected(String relayId) {}

    /** The relay wants this map served. Repeated after each reconnect. */
    void assign(MapName map, Epoch epoch, CellRole role);

    /** The map has another owner by now; stop serving every lower epoch of it. */
    void fenced(MapName map, Epoch currentEpoch);

    /** A player is there for this map. */
    OpenAnswer open(MapName map, Epoch epoch);

    /** A player's stream was accepted, but its cell did not take the connection. */
    default void cellUnreachable(MapName map, Epoch epoch) {}

    /** The relay ends the tunnel and says why; {@link #disconnected} follows. */
    default void goAway(GoAwayCode code) {}

    /** No connection leads the tunnel; the next attempt is made after that time. */
    default void disconnected(CloseReason reason, Duration nextAttempt) {}
}
