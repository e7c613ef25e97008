package io.p2phost.dbproxy.charlink;

import io.p2phost.contracts.HostId;
import java.time.Instant;

/** Assignment, told that a host no longer serves. */
@FunctionalInterface
public interface LossReports {
    /** Reports it; blocks for a few seconds at most. */
    Outcome charLinkLost(HostId host, Instant observedAt);

    /** What assignment made of it. */
    enum Outcome {
        TAKEN,
        /** It answers, and does not want it so. */
        REFUSED,
        /** It does not answer, or has a fault of its own. */
        AWAY
    }
}
