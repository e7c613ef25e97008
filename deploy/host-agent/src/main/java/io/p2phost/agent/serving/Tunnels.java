package io.p2phost.agent.serving;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;

/** The tunnels to all relays, as carrying maps needs them. No method waits. */
public interface Tunnels {
    /** Tells every connected relay whether this host serves (map, epoch) now. */
    void ready(MapName map, Epoch epoch, boolean ready, String detail);

    /** Closes every stream of the map. */
    void dropStreams(MapName map);

    /** Closes every tunnel; they are dialled again by {@link #resume()}. */
    void suspend();

    /** Dials again after {@link #suspend()}. */
    void resume();

    /** Streams open on the map now. */
    int streams(MapName map);
}
