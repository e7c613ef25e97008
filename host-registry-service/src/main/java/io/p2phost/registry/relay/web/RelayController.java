package io.p2phost.registry.relay.web;

import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.registry.refusal.Refused;
import io.p2phost.registry.relay.LiveRelays;
import io.p2phost.registry.relay.Relay;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RelayController {
    private final LiveRelays relays;
    private final InstantSource clock;

    RelayController(LiveRelays relays, InstantSource clock) {
        this.relays = relays;
        this.clock = clock;
    }

    @PutMapping("/internal/v1/relays/{relayId}")
    @AllowInternal(ServiceName.RELAY)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void announce(@PathVariable String relayId, @RequestBody Announcement body) {
        if (body.region() == null || body.host() == null || body.apiUrl() == null) {
            throw new Refused(ProblemType.INVALID_VALUE, "region, host, apiUrl: missing (expected: all three)");
        }
        try {
            relays.announce(
                    new Relay(relayId, body.region(), body.host(), body.tunnelPort(), body.apiUrl(), clock.instant()));
        } catch (IllegalArgumentException e) {
            throw new Refused(ProblemType.INVALID_VALUE, String.valueOf(e.getMessage()));
        }
    }

    @GetMapping("/internal/v1/relays")
    @AllowInternal({ServiceName.DB_PROXY, ServiceName.MAP_ASSIGNMENT, ServiceName.METRICS})
    List<RelayView> live() {
        return relays.live().stream()
                .map(r -> new RelayView(r.relayId(), r.region(), r.host(), r.tunnelPort(), r.apiUrl()))
                .toList();
    }

    /** The same for everybody else, without the internal address. */
    @GetMapping("/api/v1/relays")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST, Role.PLAYER})
    List<RelayView> publicView() {
        return relays.live().stream()
                .map(r -> new RelayView(r.relayId(), r.region(), r.host(), r.tunnelPort(), null))
                .toList();
    }

    record Announcement(
            @Nullable String region,
            @Nullable String host,
            int tunnelPort,
            @Nullable String apiUrl) {}

    record RelayView(
            String relayId,
            String region,
            String host,
            int tunnelPort,
            @Nullable String apiUrl) {}
}
