package io.p2phost.links.tunnel;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;

/** Events of a relay's tunnels, in order per tunnel, on its event loop; implementations must not block. */
public interface TunnelServerListener {
    /** A host's tunnel works. */
    void connected(Tunnel tunnel);

    /** The host says whether its cell of this map can take players; map and epoch are its claim, not checked yet. */
    void ready(Tunnel tunnel, MapName map, Epoch epoch, boolean ready, String detail);

    /** Its last connection broke without a goodbye. Its streams wait; {@link #resumed} or {@link #lost} follows. */
    default void broken(Tunnel tunnel) {}

    /** Another connection leads now. What was said on the one before, by either side, may be lost: say it again. */
    default void resumed(Tunnel tunnel) {}

    /** A tunnel that was connected is over. Its streams have been closed already. */
    void lost(Tunnel tunnel, CloseReason reason);
}
