package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.MapName;
import java.util.Map;

/** Players on the VPS's reserve. Any thread. */
public interface ReservePlayers {
    /** How many stay there on each map because no relay can read their clients. */
    Map<MapName, Integer> directPlayers();

    /** How many of each map could be on a host as well. */
    Map<MapName, Integer> reservePlayers();
}
