package io.p2phost.assignment.failover;

import io.p2phost.contracts.HostId;
import java.time.Instant;

/**
 * Somebody lost a host.
 *
 * @param reporter a service's id
 * @param observedAt when it was lost; maps that the host got after that stay
 */
public record LossReport(HostId hostId, String reporter, Cause cause, Instant observedAt) {
    /** How it showed. */
    public enum Cause {
        TUNNEL_LOST,
        CHAR_LINK_LOST,
        LEASE_EXPIRED,
        /** The registry says that it must not serve maps now: drained, quarantined, blacklisted or gone. */
        HOST_STATE
    }
}
