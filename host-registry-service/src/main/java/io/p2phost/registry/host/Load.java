package io.p2phost.registry.host;

/** How busy a machine says it is: percent of the whole machine or line, milliseconds, percent of packets. */
public record Load(
        double cpuPercent, double memoryPercent, double networkPercent, double latencyMs, double packetLossPercent) {
    private static final double MAX_LATENCY_MS = 60_000;
    private static final double PERCENT_STEP = 2;
    private static final double LATENCY_STEP_MS = 5;
    private static final double LOSS_STEP = 0.5;

    public Load {
        Range.require("cpuPercent", cpuPercent, 0, 100);
        Range.require("memoryPercent", memoryPercent, 0, 100);
        Range.require("networkPercent", networkPercent, 0, 100);
        Range.require("latencyMs", latencyMs, 0, MAX_LATENCY_MS);
        Range.require("packetLossPercent", packetLossPercent, 0, 100);
    }

    /** Whether the difference could change which host is chosen; noise below it is not worth an event. */
    public boolean differsFrom(Load other) {
        return Math.abs(cpuPercent - other.cpuPercent) >= PERCENT_STEP
                || Math.abs(memoryPercent - other.memoryPercent) >= PERCENT_STEP
                || Math.abs(networkPercent - other.networkPercent) >= PERCENT_STEP
                || Math.abs(latencyMs - other.latencyMs) >= LATENCY_STEP_MS
                || Math.abs(packetLossPercent - other.packetLossPercent) >= LOSS_STEP;
    }
}
