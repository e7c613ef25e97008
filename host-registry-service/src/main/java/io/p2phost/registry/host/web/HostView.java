package io.p2phost.registry.host.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.registry.host.Capability;
import io.p2phost.registry.host.Host;
import io.p2phost.registry.host.Load;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A host as it is shown. */
record HostView(
        HostId hostId,
        long accountId,
        String label,
        String name,
        String region,
        HostLifeState state,
        @Nullable String reason,
        boolean drain,
        boolean handsBack,
        int tier,
        double cpuGhz,
        int cpuCores,
        double ramGb,
        double networkMbps,
        int maxMaps,
        String os,
        String agentVersion,
        @Nullable Load load,
        Instant enrolledAt,
        @Nullable Instant sessionStartedAt,
        @Nullable Instant readySince,
        @Nullable Instant leaseExpiresAt,
        Instant changedAt) {
    static HostView of(Host host, @Nullable Instant leaseEnd) {
        Capability machine = host.capability();
        return new HostView(
                host.id(),
                host.accountId(),
                host.label(),
                host.name(),
                host.region(),
                host.state(),
                host.reason(),
                host.drain(),
                host.handsBack(),
                host.tier(),
                machine.cpuGhz(),
                machine.cpuCores(),
                machine.ramGb(),
                machine.networkMbps(),
                machine.maxMaps(),
                machine.os(),
                machine.agentVersion(),
                host.load(),
                host.enrolledAt(),
                host.sessionStartedAt(),
                host.readySince(),
                leaseEnd,
                host.lastCheck());
    }
}
