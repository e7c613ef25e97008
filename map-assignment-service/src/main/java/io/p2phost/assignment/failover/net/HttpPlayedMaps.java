package io.p2phost.assignment.failover.net;

import io.p2phost.assignment.failover.PlayedMaps;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** db-proxy over HTTP. */
@Component
class HttpPlayedMaps implements PlayedMaps {
    private static final Logger log = LoggerFactory.getLogger(HttpPlayedMaps.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final RestClient dbProxy;

    HttpPlayedMaps(InternalClients clients) {
        this.dbProxy = clients.rest(ServiceName.DB_PROXY, DEADLINE);
    }

    @Override
    public Set<MapName> onReserve() {
        try {
            List<OnMap> all = dbProxy.get()
                    .uri("/internal/v1/reserve-players")
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<OnMap>>() {});
            return all == null ? Set.of() : all.stream().map(OnMap::map).collect(Collectors.toSet());
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            log.debug("maps that players are on at the VPS are not known: {}", e.getMessage());
            return Set.of();
        }
    }

    record OnMap(MapName map, int players) {}
}
