package io.p2phost.registry.relay;

import java.util.List;

/** Relays that announced themselves at some time. */
public interface Relays {
    /** Stores what a relay says of itself now. */
    void announce(Relay relay);

    /** All known relays, in the order of their ids. */
    List<Relay> all();
}
