package io.p2phost.assignment.entry.net;

import io.p2phost.assignment.entry.ProtectedPlayers;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** db-proxy over HTTP. */
@Component
class HttpProtectedPlayers implements ProtectedPlayers {
    private static final Logger log = LoggerFactory.getLogger(HttpProtectedPlayers.class);
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private final RestClient dbProxy;

    HttpProtectedPlayers(InternalClients clients) {
        this.dbProxy = clients.rest(ServiceName.DB_PROXY, DEADLINE);
    }

    @Override
    public Optional<Map<MapName, Integer>> onMaps() {
        try {
            List<OnMap> all = dbProxy.get()
                    .uri("/internal/v1/direct-players")
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<OnMap>>() {});
            return Optional.ofNullable(all)
                    .map(each -> each.stream().collect(Collectors.toMap(OnMap::map, OnMap::players, Integer::sum)));
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            log.debug("players of protected clients are not known: {}", e.getMessage());
            return Optional.empty();
        }
    }

    record OnMap(MapName map, int players) {}
}
