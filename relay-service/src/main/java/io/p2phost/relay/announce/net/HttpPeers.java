package io.p2phost.relay.announce.net;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.announce.Announcer;
import io.p2phost.relay.route.Route;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

@Component
class HttpPeers implements Announcer.Peers {
    private static final Logger log = LoggerFactory.getLogger(HttpPeers.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final RelayProperties properties;
    private final RestClient registry;
    private final RestClient dbProxy;
    private final String apiUrl;

    HttpPeers(RelayProperties properties, InternalClients clients, @Value("${server.port}") int port) {
        this.properties = properties;
        this.registry = clients.rest(ServiceName.HOST_REGISTRY, DEADLINE);
        this.dbProxy = clients.rest(ServiceName.DB_PROXY, DEADLINE);
        this.apiUrl = properties.apiUrl() == null ? "http://127.0.0.1:" + port : properties.apiUrl();
    }

    @Override
    public boolean tellRegistry() {
        try {
            registry.put()
                    .uri("/internal/v1/relays/{id}", properties.relayId())
                    .body(new ForRegistry(
                            properties.region(), properties.publicHost(), properties.tunnelPort(), apiUrl))
                    .retrieve()
                    .toBodilessEntity();
            return true;
        } catch (PeerProblemException | PeerUnavailableException e) {
            log.debug("registry not told: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public List<Route> tellDbProxy() {
        try {
            Owners owners = dbProxy.put()
                    .uri("/internal/v1/relays/{id}", properties.relayId())
                    .body(new ForDbProxy(properties.region(), properties.publicHost(), apiUrl))
                    .retrieve()
                    .body(Owners.class);
            return owners == null ? List.of() : owners.owners();
        } catch (PeerProblemException | PeerUnavailableException e) {
            log.debug("db-proxy not told: {}", e.getMessage());
            return List.of();
        }
    }

    record ForRegistry(String region, String host, int tunnelPort, String apiUrl) {}

    record ForDbProxy(String region, String host, String apiUrl) {}

    record Owners(List<Route> owners) {}
}
