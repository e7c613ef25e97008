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

    /** A tunnel that was connected is over. Its streams have been closed already. */
    void lost(Tunnel tunnel, CloseReason reason);
}
