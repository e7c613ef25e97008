package io.p2phost.contracts.event;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host's state and last known load (topic {@code p2p.host-state.v1}, key hostId).
 *
 * @param tier 0 (may not host) to 3
 * @param maxMaps how many maps the host itself is willing to carry at once
 * @param cpuPercent load in percent of the whole machine; null until the first heartbeat, as are the others
 * @param readySince when the present session became READY; null outside one
 * @param reason why the state was entered, for operators
 */
public record HostStateChanged(
        HostId hostId,
        long accountId,
        String name,
        String region,
        HostLifeState state,
        int tier,
        double cpuGhz,
        int cpuCores,
        double ramGb,
        double networkMbps,
        int maxMaps,
        @Nullable Double cpuPercent,
        @Nullable Double memoryPercent,
        @Nullable Double networkPercent,
        @Nullable Double latencyMs,
        @Nullable Double packetLossPercent,
        @Nullable Instant readySince,
        @Nullable String reason) {
    public static final String TYPE = "HostStateChanged";

    /** The same host at another distance. */
    public HostStateChanged withLatency(double millis) {
        return new HostStateChanged(
                hostId,
                accountId,
                name,
                region,
                state,
                tier,
                cpuGhz,
                cpuCores,
                ramGb,
                networkMbps,
                maxMaps,
                cpuPercent,
                memoryPercent,
                networkPercent,
                millis,
                packetLossPercent,
                readySince,
                reason);
    }
}
