package io.p2phost.contracts.event;

import java.time.Instant;

/** A relay's load at an instant (topic {@code p2p.relay-sessions.v1}, key relayId). Bytes are totals since its start. */
public record RelaySessions(
        String relayId,
        String region,
        Instant at,
        int playerSessions,
        int hostTunnels,
        int routes,
        long bytesToHosts,
        long bytesToPlayers) {
    public static final String TYPE = "RelaySessions";
}
