package io.p2phost.registry.host.jpa;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.registry.crypto.HostKey;
import io.p2phost.registry.host.Capability;
import io.p2phost.registry.host.Host;
import io.p2phost.registry.host.Load;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** Fields are set by {@link #take} or by Hibernate. */
@NullUnmarked
@Entity
@Table(name = "p2p_hosts")
class HostEntity {
    @Id
    private UUID hostId;

    private long accountId;
    private String label;
    private String name;
    private String region;

    @Column(updatable = false)
    private byte[] publicKey;

    @Enumerated(EnumType.STRING)
    @Column(name = "status")
    private HostLifeState state;

    @Column(name = "status_reason")
    private String reason;

    private long version;
    private boolean drain;
    private boolean handsBack;
    private int tier;
    private double cpuGhz;
    private int cpuCores;

    @Column(name = "memory_gb")
    private double ramGb;

    @Column(name = "bandwidth_mbps")
    private double networkMbps;

    private int maxMaps;
    private String os;
    private String agentVersion;
    private Double cpuPercent;
    private Double memoryPercent;
    private Double networkPercent;
    private Double latencyMs;
    private Double packetLossPercent;
    private Instant enrolledAt;
    private Instant sessionStartedAt;

    @Column(name = "session_run")
    private UUID run;

    private Instant readySince;
    private Instant lastCheck;

    static HostEntity of(Host host) {
        HostEntity entity = new HostEntity();
        entity.hostId = UUID.fromString(host.id().value());
        entity.publicKey = host.key().raw();
        entity.take(host);
        return entity;
    }

    /** Takes everything over but identity. */
    final void take(Host host) {
        accountId = host.accountId();
        label = host.label();
        name = host.name();
        region = host.region();
        state = host.state();
        reason = host.reason();
        version = host.version();
        drain = host.drain();
        handsBack = host.handsBack();
        tier = host.tier();
        cpuGhz = host.capability().cpuGhz();
        cpuCores = host.capability().cpuCores();
        ramGb = host.capability().ramGb();
        networkMbps = host.capability().networkMbps();
        maxMaps = host.capability().maxMaps();
        os = host.capability().os();
        agentVersion = host.capability().agentVersion();
        Load load = host.load();
        cpuPercent = load == null ? null : load.cpuPercent();
        memoryPercent = load == null ? null : load.memoryPercent();
        networkPercent = load == null ? null : load.networkPercent();
        latencyMs = load == null ? null : load.latencyMs();
        packetLossPercent = load == null ? null : load.packetLossPercent();
        enrolledAt = host.enrolledAt();
        sessionStartedAt = host.sessionStartedAt();
        run = host.run();
        readySince = host.readySince();
        lastCheck = host.lastCheck();
    }

    Host toHost() {
        return new Host(
                HostId.of(hostId.toString()),
                accountId,
                label,
                name,
                region,
                HostKey.of(publicKey),
                state,
                reason,
                version,
                drain,
                handsBack,
                tier,
                new Capability(cpuGhz, cpuCores, ramGb, networkMbps, maxMaps, os, agentVersion),
                cpuPercent == null
                        ? null
                        : new Load(cpuPercent, memoryPercent, networkPercent, latencyMs, packetLossPercent),
                enrolledAt,
                sessionStartedAt,
                run,
                readySince,
                lastCheck);
    }
}
