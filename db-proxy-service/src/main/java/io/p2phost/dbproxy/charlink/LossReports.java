package io.p2phost.dbproxy.charlink;

import io.p2phost.contracts.HostId;
import java.time.Instant;

/** Assignment, told that a host no longer serves. */
@FunctionalInterface
public interface LossReports {
    /**
     * Reports it; blocks for a few seconds at most.
     *
     * @return false when assignment could not be reached or could not take it now
     */
    boolean charLinkLost(HostId host, Instant observedAt);
}
