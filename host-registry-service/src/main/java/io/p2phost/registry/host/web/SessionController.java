package io.p2phost.registry.host.web;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.registry.host.Capability;
import io.p2phost.registry.host.HeartbeatAccepted;
import io.p2phost.registry.host.HostSessions;
import io.p2phost.registry.host.LeaseGranted;
import io.p2phost.registry.host.Load;
import io.p2phost.registry.host.ServedMap;
import io.p2phost.registry.host.SessionDefaults;
import io.p2phost.registry.host.SessionGranted;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Allow(Role.HOST)
class SessionController {
    private static final int MAX_MAPS = 64;

    private final HostSessions sessions;
    private final SessionDefaults defaults;

    SessionController(HostSessions sessions, SessionDefaults defaults) {
        this.sessions = sessions;
        this.defaults = defaults;
    }

    @PutMapping("/api/v1/hosts/{id}/session")
    SessionView open(@PathVariable HostId id, @RequestBody Machine body, Caller caller) {
        requireSelf(id, caller);
        Capability capability = valid(() -> new Capability(
                body.cpuGhz(),
                body.cpuCores(),
                body.ramGb(),
                body.networkMbps(),
                body.maxMaps() == null ? defaults.maxMaps() : body.maxMaps(),
                body.os() == null ? "" : body.os(),
                body.agentVersion() == null ? "" : body.agentVersion()));
        SessionGranted granted = sessions.open(id, capability, body.run());
        return new SessionView(
                granted.tier(),
                LeaseView.of(granted.lease()),
                granted.relays().stream()
                        .map(r -> new RelayView(r.relayId(), r.region(), r.host(), r.tunnelPort()))
                        .toList(),
                new Address(defaults.dbProxyHost(), defaults.dbProxyPort()),
                granted.serverTime());
    }

    @DeleteMapping("/api/v1/hosts/{id}/session")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void close(@PathVariable HostId id, @RequestParam(required = false) @Nullable UUID run, Caller caller) {
        requireSelf(id, caller);
        sessions.close(id, run);
    }

    @DeleteMapping("/api/v1/hosts/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unenrol(@PathVariable HostId id, Caller caller) {
        requireSelf(id, caller);
        sessions.unenrol(id, caller.actor());
    }

    @PutMapping("/api/v1/hosts/{id}/heartbeat")
    HeartbeatView heartbeat(@PathVariable HostId id, @RequestBody Heartbeat body, Caller caller) {
        requireSelf(id, caller);
        Load load = valid(() -> new Load(
                body.cpuPercent(),
                body.memoryPercent(),
                body.networkPercent(),
                body.latencyMs(),
                body.packetLossPercent()));
        HeartbeatAccepted accepted =
                sessions.heartbeat(id, load, servedMaps(body), Boolean.TRUE.equals(body.handsBack()), body.run());
        return new HeartbeatView(
                LeaseView.of(accepted.lease()),
                new Desired(
                        accepted.drain(),
                        accepted.assignments().stream()
                                .map(a -> new DesiredMap(a.map(), a.epoch(), "PRIMARY"))
                                .toList()));
    }

    private static List<ServedMap> servedMaps(Heartbeat body) {
        List<Served> maps = body.maps() == null ? List.of() : body.maps();
        if (maps.size() > MAX_MAPS) {
            throw invalid("maps: " + maps.size() + " (expected: at most " + MAX_MAPS + ")");
        }
        return maps.stream()
                .map(m -> {
                    if (m == null || m.map() == null || m.epoch() == null) {
                        throw invalid("maps: an entry without map or epoch (expected: map, epoch, players)");
                    }
                    MapName map = m.map();
                    Epoch epoch = m.epoch();
                    return valid(() -> new ServedMap(map, epoch, m.players()));
                })
                .toList();
    }

    private static void requireSelf(HostId id, Caller caller) {
        if (!caller.isHost(id)) {
            throw new Refused(ProblemType.FORBIDDEN, "host: " + id + " (expected: the caller's own id)");
        }
    }

    private static <T> T valid(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Refused invalid(String detail) {
        return new Refused(ProblemType.INVALID_VALUE, detail);
    }

    record Machine(
            double cpuGhz,
            int cpuCores,
            double ramGb,
            double networkMbps,
            @Nullable Integer maxMaps,
            @Nullable String os,
            @Nullable String agentVersion,
            @Nullable UUID run) {}

    record Heartbeat(
            double cpuPercent,
            double memoryPercent,
            double networkPercent,
            double latencyMs,
            double packetLossPercent,
            @Nullable List<Served> maps,
            @Nullable Boolean handsBack,
            @Nullable UUID run) {}

    record Served(@Nullable MapName map, @Nullable Epoch epoch, int players) {}

    record SessionView(int tier, LeaseView lease, List<RelayView> relays, Address dbProxy, Instant serverTime) {}

    record HeartbeatView(LeaseView lease, Desired desired) {}

    record LeaseView(Instant expiresAt, String heartbeatInterval) {
        static LeaseView of(LeaseGranted lease) {
            return new LeaseView(lease.expiresAt(), lease.heartbeatInterval().toString());
        }
    }

    record RelayView(String relayId, String region, String host, int tunnelPort) {}

    record Address(String host, int port) {}

    record Desired(boolean drain, List<DesiredMap> assignments) {}

    record DesiredMap(MapName map, Epoch epoch, String role) {}
}
