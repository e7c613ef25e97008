package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;

/**
 * The sending side of one connection. Nothing comes back within the call: what the peer answers is delivered later, so
 * that a core is never entered twice.
 */
public interface Wire {
    /** Hands over the packet and its bytes; a no-op once closed. */
    void send(Packet packet);

    /** Ends the connection; the {@link Link} of this side gets no further call. */
    void close();
}
