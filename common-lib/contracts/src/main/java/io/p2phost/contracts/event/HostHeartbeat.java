package io.p2phost.contracts.event;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Instant;
import java.util.List;

/** One heartbeat as the registry accepted it (topic {@code p2p.host-heartbeats.v1}, key hostId). Loads in percent. */
public record HostHeartbeat(
        HostId hostId,
        Instant receivedAt,
        double cpuPercent,
        double memoryPercent,
        double networkPercent,
        double latencyMs,
        double packetLossPercent,
        List<ServedMap> maps) {
    public static final String TYPE = "HostHeartbeat";

    /** A map the host says it serves. */
    public record ServedMap(MapName map, Epoch epoch, int players) {}
}
