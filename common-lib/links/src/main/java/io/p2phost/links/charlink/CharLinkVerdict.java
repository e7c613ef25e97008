package io.p2phost.links.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.links.frame.RefusalReason;
import java.net.InetSocketAddress;

/** db-proxy's answer to a hello. */
public sealed interface CharLinkVerdict {
    /** The claim is in effect: forward the cell to this upstream. */
    record Accept(InetSocketAddress upstream) implements CharLinkVerdict {}

    /** The claim is not in effect. */
    record Refuse(RefusalReason reason, Epoch currentEpoch, String detail) implements CharLinkVerdict {}

    static CharLinkVerdict accept(InetSocketAddress upstream) {
        return new Accept(upstream);
    }

    static CharLinkVerdict refuse(RefusalReason reason, Epoch currentEpoch, String detail) {
        return new Refuse(reason, currentEpoch, detail);
    }
}
