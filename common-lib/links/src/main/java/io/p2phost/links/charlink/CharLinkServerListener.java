package io.p2phost.links.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.mux.StreamListener;

/** Events of db-proxy's char links, in order per link, on its event loop; implementations must not block. */
public interface CharLinkServerListener {
    /** The link works. */
    default void accepted(CharLinkHello hello) {}

    /**
     * The cell connected, on an accepted link: who takes its bytes. {@link StreamListener#opening} is its first event,
     * and it may write from then on.
     */
    StreamListener cell(CharLinkHello hello);

    /** The claim was refused, by the authoriser or because it was fenced meanwhile. */
    default void refused(CharLinkHello hello, RefusalReason reason, Epoch currentEpoch) {}

    /** An accepted link is over; {@link CloseReason#SILENT} and {@link CloseReason#PEER_CLOSED} mean a lost host. */
    default void closed(CharLinkHello hello, CloseReason reason) {}
}
