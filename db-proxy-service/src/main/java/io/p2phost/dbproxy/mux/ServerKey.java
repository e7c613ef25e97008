package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;

/** Which map-server, whatever connection it has at the moment. */
public sealed interface ServerKey {
    /** The VPS's map-server of the maps that are never hosted; its link is passed through. */
    record Core() implements ServerKey {}

    /** The VPS's map-server that has every eligible map. */
    record Reserve() implements ServerKey {}

    /** A map-server process on a player's machine; it holds one map at one epoch. */
    record Cell(HostId host, MapName map, Epoch epoch) implements ServerKey {}

    Core CORE = new Core();
    Reserve RESERVE = new Reserve();
}
