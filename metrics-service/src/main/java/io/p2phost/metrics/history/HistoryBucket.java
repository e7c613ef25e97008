package io.p2phost.metrics.history;

import java.time.Instant;

/** Averages (and the worst latency) of the samples in {@code [from, from + step)}; buckets without samples are left out. */
public record HistoryBucket(
        Instant from,
        int samples,
        double cpuPercent,
        double memoryPercent,
        double networkPercent,
        double latencyMs,
        double maxLatencyMs,
        double packetLossPercent,
        double players,
        double maps) {}
