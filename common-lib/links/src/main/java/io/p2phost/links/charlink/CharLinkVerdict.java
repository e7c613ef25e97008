package io.p2phost.links.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.links.frame.RefusalReason;

/** db-proxy's answer to a hello. */
public sealed interface CharLinkVerdict {
    /** The claim is in effect. */
    record Accept() implements CharLinkVerdict {}

    /** The claim is not in effect. */
    record Refuse(RefusalReason reason, Epoch currentEpoch, String detail) implements CharLinkVerdict {}

    static CharLinkVerdict accept() {
        return new Accept();
    }

    static CharLinkVerdict refuse(RefusalReason reason, Epoch currentEpoch, String detail) {
        return new Refuse(reason, currentEpoch, detail);
    }
}
