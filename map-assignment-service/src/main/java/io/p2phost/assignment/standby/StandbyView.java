package io.p2phost.assignment.standby;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import java.time.Instant;

/**
 * A standby for people to see.
 *
 * @param connected whether db-proxy said lately that its map-server is linked; only such a one is preferred at a failover
 */
public record StandbyView(HostId hostId, Epoch epoch, Instant since, boolean connected) {}
