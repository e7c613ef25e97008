package io.p2phost.relay.announce.net;

import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.RelaySessions;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import io.p2phost.kit.outbox.DirectEvents;
import io.p2phost.kit.outbox.Envelopes;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.announce.Announcer;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.tunnel.HostTunnels;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@Component
class HttpPeers implements Announcer.Peers {
    private static final Logger log = LoggerFactory.getLogger(HttpPeers.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final RelayProperties properties;
    private final Environment environment;
    private final HostTunnels tunnels;
    private final Front front;
    private final DirectEvents events;
    private final Envelopes envelopes;
    private final RestClient registry;
    private final RestClient dbProxy;

    HttpPeers(
            RelayProperties properties,
            Environment environment,
            HostTunnels tunnels,
            Front front,
            InternalClients clients,
            DirectEvents events,
            Envelopes envelopes) {
        this.properties = properties;
        this.environment = environment;
        this.tunnels = tunnels;
        this.front = front;
        this.events = events;
        this.envelopes = envelopes;
        this.registry = clients.rest(ServiceName.HOST_REGISTRY, DEADLINE);
        this.dbProxy = clients.rest(ServiceName.DB_PROXY, DEADLINE);
    }

    /** The real port is known once the HTTP interface is open. */
    private String apiUrl() {
        return properties.apiUrl() == null || properties.apiUrl().isBlank()
                ? "http://127.0.0.1:" + environment.getProperty("local.server.port", "0")
                : properties.apiUrl();
    }

    /** Where players connect; 0 while they cannot. */
    private int frontPort() {
        return front.ports().stream().findFirst().orElse(0);
    }

    @Override
    public boolean tellRegistry() {
        try {
            registry.put()
                    .uri("/internal/v1/relays/{id}", properties.relayId())
                    .body(new ForRegistry(properties.region(), properties.publicHost(), tunnels.port(), apiUrl()))
                    .retrieve()
                    .toBodilessEntity();
            return true;
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            log.debug("registry not told: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public Optional<List<Route>> tellDbProxy() {
        try {
            Owners owners = dbProxy.put()
                    .uri("/internal/v1/relays/{id}", properties.relayId())
                    .body(new ForDbProxy(properties.region(), properties.publicHost(), frontPort(), apiUrl()))
                    .retrieve()
                    .body(Owners.class);
            // Whoever answers with a row that is none is not db-proxy, or at fault.
            return Optional.ofNullable(owners)
                    .map(Owners::owners)
                    .filter(rows -> rows.stream().allMatch(Objects::nonNull));
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            log.debug("db-proxy not told: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void tellLoad(RelaySessions load) {
        events.send(Topics.RELAY_SESSIONS, envelopes.of(RelaySessions.TYPE, load.relayId(), 0, load));
    }

    record ForRegistry(String region, String host, int tunnelPort, String apiUrl) {}

    record ForDbProxy(String region, String host, int port, String apiUrl) {}

    record Owners(List<Route> owners) {}
}
