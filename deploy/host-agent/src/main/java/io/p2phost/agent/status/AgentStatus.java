package io.p2phost.agent.status;

import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.Load;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status file's content: everything the agent's owner may want to know, and nothing secret; {@code bundle} is what the next map-server is
 * started from, {@code cells} says how they are confined.
 */
public record AgentStatus(
        String hostId,
        String gateway,
        long pid,
        Instant startedAt,
        Instant updatedAt,
        String state,
        int tier,
        boolean draining,
        @Nullable Instant leaseExpiresAt,
        List<MapLine> maps,
        List<TunnelLine> tunnels,
        List<FenceLine> fenced,
        @Nullable Capability capability,
        @Nullable Load load,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt,
        @Nullable MannersLine manners,
        @Nullable String bundle,
        @Nullable List<String> cells) {
    /** What the owner's wishes come to, why, and which of them this machine cannot show. */
    public record MannersLine(String level, String reason, List<String> noEffect) {}

    /** A map held. */
    public record MapLine(String map, long epoch, String state, String detail, int players) {}

    /** A relay dialled. */
    public record TunnelLine(
            String relayId,
            String address,
            boolean connected,
            @Nullable Double latencyMs) {}

    /**
     * A map taken away.
     *
     * @param why what kept the host from serving it
     */
    public record FenceLine(
            String map,
            long epoch,
            long currentEpoch,
            Instant at,
            @Nullable String why) {}
}
