package io.p2phost.relay.tunnel.web;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.tunnel.Tunnel;
import io.p2phost.relay.tunnel.HostTunnels;
import io.p2phost.relay.tunnel.Network;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** map-assignment asks whether a host is heard here, and has hosts told that they stand by. */
@RestController
@AllowInternal(ServiceName.MAP_ASSIGNMENT)
class TunnelController {
    /** More standbys in one request than this are refused. */
    static final int MAX_STANDBYS = 500;

    /** More hosts in one question than this are refused. */
    static final int MAX_HOSTS = 1_000;

    private final HostTunnels tunnels;

    TunnelController(HostTunnels tunnels) {
        this.tunnels = tunnels;
    }

    /** How long each of these hosts has been silent; those without a tunnel here are left out. */
    @PostMapping("/internal/v1/silences")
    Silences silences(@RequestBody Hosts body) {
        List<HostId> asked = body.hosts == null ? List.of() : body.hosts;
        if (asked.size() > MAX_HOSTS) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "hosts: " + asked.size() + " (expected: at most " + MAX_HOSTS + ")");
        }
        return new Silences(asked.stream()
                .flatMap(host -> tunnels.silence(host).map(silence -> new Silence(host, silence.toMillis())).stream())
                .toList());
    }

    /** The network of each host with a tunnel here, and how far it is. */
    @GetMapping("/internal/v1/tunnels")
    List<TunnelView> all() {
        return tunnels.all().stream()
                .map(tunnel -> new TunnelView(
                        tunnel.host(),
                        Network.of(tunnel.remoteAddress()).orElse(null),
                        tunnel.measured().map(trip -> millis(trip.time())).orElse(null),
                        tunnel.measured().map(trip -> millis(trip.jitter())).orElse(null)))
                .toList();
    }

    /**
     * Tells each host that has a tunnel here. A standby is a lease: who wants it goes on saying so, a host that hears
     * it no more lets it go. So nothing is kept here, and saying it twice is harmless.
     */
    @PutMapping("/internal/v1/standbys")
    Told standbys(@RequestBody Standbys body) {
        List<Standby> wanted = body.standbys == null ? List.of() : body.standbys;
        if (wanted.size() > MAX_STANDBYS) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE,
                    "standbys: " + wanted.size() + " (expected: at most " + MAX_STANDBYS + ")");
        }
        int told = 0;
        for (Standby standby : wanted) {
            MapName map = required("map", standby.map);
            Epoch epoch = required("epoch", standby.epoch);
            Optional<Tunnel> tunnel = tunnels.of(required("hostId", standby.hostId));
            tunnel.ifPresent(host -> host.assign(map, epoch, CellRole.STANDBY));
            told += tunnel.isPresent() ? 1 : 0;
        }
        return new Told(told);
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e4) / 100d;
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new ProblemException(ProblemType.INVALID_VALUE, name + ": missing (expected: a value)");
        }
        return value;
    }

    record Hosts(@Nullable List<HostId> hosts) {}

    record Silences(List<Silence> hosts) {}

    record Silence(HostId hostId, long silentMillis) {}

    record TunnelView(
            HostId hostId,
            @Nullable String network,
            @Nullable Double roundTripMs,
            @Nullable Double jitterMs) {}

    record Standbys(@Nullable List<Standby> standbys) {}

    record Standby(
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable HostId hostId) {}

    record Told(int told) {}
}
