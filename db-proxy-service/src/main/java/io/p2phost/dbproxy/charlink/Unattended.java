package io.p2phost.dbproxy.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;

/** Decides for a map whose host is lost while assignment cannot be told. */
@FunctionalInterface
public interface Unattended {
    /** Repeating it is harmless: the map has another epoch then. */
    void hostLost(HostId host, MapName map, Epoch epoch);
}
