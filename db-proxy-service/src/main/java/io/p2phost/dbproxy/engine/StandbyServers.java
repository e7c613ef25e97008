package io.p2phost.dbproxy.engine;

import io.p2phost.dbproxy.mux.ServerKey;
import java.util.Set;

/** Map-servers that stand by for a map and are logged in, so that players could enter at once. Any thread. */
@FunctionalInterface
public interface StandbyServers {
    Set<ServerKey.Cell> standbyServers();
}
