package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.MapName;
import java.util.Map;

/** Players who stay on the VPS because nobody else can read their clients. Any thread. */
@FunctionalInterface
public interface DirectPlayers {
    /** How many are on each map. */
    Map<MapName, Integer> directPlayers();
}
