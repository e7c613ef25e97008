package io.p2phost.dbproxy.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.links.CloseReason;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.frame.RefusalReason;

/** What happened to a claim, for the audit trail. */
public sealed interface LinkEvent {
    CharLinkHello hello();

    /** The link works. */
    record Accepted(CharLinkHello hello) implements LinkEvent {}

    /** The claim was turned away. */
    record Refused(CharLinkHello hello, RefusalReason reason, Epoch currentEpoch) implements LinkEvent {}

    /** An accepted link is over. */
    record Closed(CharLinkHello hello, CloseReason reason) implements LinkEvent {}
}
