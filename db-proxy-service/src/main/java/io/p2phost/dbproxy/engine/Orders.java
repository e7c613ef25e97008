package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.Outside;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the multiplexer asks of other services. Calls return at once; what is lost is counted, and asked again. */
public interface Orders {
    /**
     * Tells a relay to move its player.
     *
     * @param reserveAddress of the reserve, when the player goes there
     * @param unknown run when that relay has no such player
     * @param untold run when that relay did not hear it
     */
    void rehome(Outside.Rehome order, Optional<String> reserveAddress, Runnable unknown, Runnable untold);

    /** Tells a relay to end its player's connection to his map-server. */
    void release(String relay, int account, long number);

    /** Tells a relay to close its player's connection. */
    void kick(String relay, int account, long number);

    /** Asks assignment to choose a host for a map. */
    void decide(MapName map, int account, @Nullable String relay);
}
