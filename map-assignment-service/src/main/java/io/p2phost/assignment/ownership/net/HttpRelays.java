package io.p2phost.assignment.ownership.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.assignment.ownership.Relays;
import io.p2phost.assignment.ownership.Route;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/**
 * The relays the registry heard of within 15 s, and the routes each of them has. Asked in the background; the last
 * answer counts while the registry is away. At most {@value #MAX_RELAYS} relays are asked for their routes.
 */
@Component
class HttpRelays implements Relays {
    static final int MAX_RELAYS = 100;

    private static final Logger log = LoggerFactory.getLogger(HttpRelays.class);
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    private final InternalClients clients;
    private volatile @Nullable Known known;

    HttpRelays(InternalClients clients, MeterRegistry meters) {
        this.clients = clients;
        meters.gauge("p2p_assignment_relays_alive", this, HttpRelays::count);
    }

    @Override
    public boolean alive(String relayId) {
        Known now = known;
        return now == null || now.relays().contains(relayId);
    }

    @Override
    public List<Route> routes(MapName map) {
        Known now = known;
        return now == null ? List.of() : now.routes().getOrDefault(map, List.of());
    }

    @Override
    public List<Living> living() {
        Known now = known;
        return now == null ? List.of() : now.living();
    }

    @Scheduled(fixedDelayString = "${p2p.assignment.relay-poll-interval:3s}")
    void poll() {
        List<RelayRow> relays;
        try {
            relays = clients.rest(ServiceName.HOST_REGISTRY, DEADLINE)
                    .get()
                    .uri("/internal/v1/relays")
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<RelayRow>>() {});
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            log.debug("relays are not known anew: {}", e.getMessage());
            return;
        }
        if (relays == null) {
            return;
        }
        Map<MapName, List<Route>> routes = new HashMap<>();
        relays.stream().limit(MAX_RELAYS).forEach(relay -> ask(relay, routes));
        known = new Known(
                relays.stream().map(RelayRow::relayId).collect(Collectors.toSet()),
                relays.stream()
                        .limit(MAX_RELAYS)
                        .map(relay -> new Living(relay.relayId(), relay.apiUrl()))
                        .toList(),
                routes);
    }

    private void ask(RelayRow relay, Map<MapName, List<Route>> routes) {
        try {
            List<RouteRow> rows = clients.rest(relay.apiUrl(), ServiceName.RELAY, DEADLINE)
                    .get()
                    .uri("/internal/v1/routes")
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<RouteRow>>() {});
            for (RouteRow row : rows == null ? List.<RouteRow>of() : rows) {
                Integer port = row.port();
                if (port != null) {
                    String host = row.host() == null ? relay.host() : row.host();
                    routes.computeIfAbsent(row.map(), map -> new ArrayList<>())
                            .add(new Route(relay.relayId(), relay.region(), host, port));
                }
            }
        } catch (PeerProblemException | PeerUnavailableException | RestClientException | IllegalArgumentException e) {
            log.debug("relay {} does not tell its routes: {}", relay.relayId(), e.getMessage());
        }
    }

    private int count() {
        Known now = known;
        return now == null ? 0 : now.relays().size();
    }

    private record Known(Set<String> relays, List<Living> living, Map<MapName, List<Route>> routes) {}

    record RelayRow(String relayId, String region, String host, String apiUrl) {}

    record RouteRow(
            MapName map, @Nullable String host, @Nullable Integer port) {}
}
