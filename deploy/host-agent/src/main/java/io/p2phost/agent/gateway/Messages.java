package io.p2phost.agent.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Bodies of the calls an agent makes; only the fields it uses. */
public final class Messages {
    private Messages() {}

    /** Redeeming an enrolment code. */
    public record Redemption(String publicKey, String proof, String name, String region) {}

    /** The registry's name for this host. */
    public record Redeemed(HostId hostId, @Nullable String bundleKey) {}

    /** An access token. */
    public record Token(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("expires_in") long expiresInSeconds) {}

    /** A certificate signing request in PEM. */
    public record CertificateRequest(String csr) {}

    /** The leaf, then the authorities to trust, in PEM. */
    public record Certificate(String certificate, String caBundle, Instant notAfter) {}

    /**
     * Joining: what the machine can do. {@code maxMaps} only where the player set a limit; {@code run} tells this process
     * from another one with the same key.
     */
    public record SessionRequest(
            double cpuGhz,
            int cpuCores,
            double ramGb,
            double networkMbps,
            String os,
            String agentVersion,
            @Nullable Integer maxMaps,
            UUID run) {}

    /** A right to be a host until then, by the server's clock. */
    public record Lease(Instant expiresAt, Duration heartbeatInterval) {}

    /** The least a machine must have for a tier. */
    public record TierRequirement(int tier, double cpuGhz, int cpuCores, double ramGb, double networkMbps) {}

    /** What the server asks of hosts. */
    public record Requirements(List<TierRequirement> tiers, double maxLatencyMs) {}

    /** A relay to keep a tunnel to. */
    public record Relay(String relayId, String region, String host, int tunnelPort) {}

    /** Where char links go. */
    public record DbProxy(String host, int port) {}

    /** The answer to joining. */
    public record SessionGrant(
            int tier,
            Lease lease,
            List<Relay> relays,
            @Nullable DbProxy dbProxy,
            @Nullable Instant serverTime) {}

    /** A map the agent says it serves. */
    public record ServedMap(MapName map, Epoch epoch, int players) {}

    /** A heartbeat: load in percent, the network's quality, what is served, and whether all of that is to go elsewhere. */
    public record Heartbeat(
            double cpuPercent,
            double memoryPercent,
            double networkPercent,
            double latencyMs,
            double packetLossPercent,
            List<ServedMap> maps,
            boolean handsBack,
            UUID run) {}

    /** What the server wants this host to carry. */
    public record DesiredAssignment(
            MapName map, Epoch epoch, @Nullable String role) {
        /** Standbys are told over the tunnels alone: they are leases, and short ones. */
        public boolean primary() {
            return role == null || role.equals("PRIMARY");
        }
    }

    /** The state the server wants. */
    public record Desired(boolean drain, List<DesiredAssignment> assignments) {}

    /** The answer to a heartbeat. */
    public record HeartbeatAnswer(
            Lease lease, Desired desired, @Nullable Instant serverTime) {}
}
