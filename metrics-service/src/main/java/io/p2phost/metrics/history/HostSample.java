package io.p2phost.metrics.history;

import io.p2phost.contracts.HostId;
import java.time.Instant;

/** One heartbeat's figures. Loads in percent of the machine, latency in milliseconds. */
public record HostSample(
        HostId hostId,
        Instant at,
        double cpuPercent,
        double memoryPercent,
        double networkPercent,
        double latencyMs,
        double packetLossPercent,
        int players,
        int maps) {}
