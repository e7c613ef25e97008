package io.p2phost.dbproxy.hosts;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;

/** The newest known state of each host. */
public interface HostStates {
    /** What matters here of a host's state. */
    enum Standing {
        READY,
        NOT_READY,
        BLACKLISTED,
        /** Neither an event nor the registry knows it. */
        UNKNOWN;

        public static Standing of(HostLifeState state) {
            return switch (state) {
                case READY -> READY;
                case BLACKLISTED -> BLACKLISTED;
                case ENROLLED, UNHEALTHY, OFFLINE, DRAINING, QUARANTINED -> NOT_READY;
            };
        }
    }

    Standing stateOf(HostId host);
}
