package io.p2phost.relay.tunnel;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Instant;

/** map-assignment, told what the relay hears from hosts. Calls block for their deadline at most. */
public interface Assignment {
    /**
     * A host's tunnel is lost.
     *
     * @throws RetryLaterException when it may be told again
     */
    void tunnelLost(HostId host, Instant observedAt);

    /**
     * A host says whether it can take players.
     *
     * @throws RetryLaterException when it may be told again
     */
    void readiness(HostId host, MapName map, Epoch epoch, boolean ready, String detail);

    /** The peer did not answer or had a fault of its own; any other exception means that telling again is of no use. */
    final class RetryLaterException extends RuntimeException {
        public RetryLaterException(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
