package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;

/**
 * A lease that ran into silence, as the tracker saw it.
 *
 * @param renewals how often the lease had been renewed; when it is renewed again, the lapse is void
 */
public record Lapse(HostId host, Kind kind, long renewals) {
    /** How long the silence has lasted. */
    public enum Kind {
        /** Long enough to be given nothing new. */
        MISSED,
        /** As long as the lease. */
        EXPIRED
    }
}
