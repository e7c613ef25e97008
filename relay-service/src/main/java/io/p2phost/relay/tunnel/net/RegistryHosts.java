package io.p2phost.relay.tunnel.net;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.tunnel.HostRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@Component
class RegistryHosts implements HostRegistry {
    private static final Logger log = LoggerFactory.getLogger(RegistryHosts.class);

    private final RestClient registry;

    RegistryHosts(InternalClients clients, RelayProperties properties) {
        this.registry = clients.rest(ServiceName.HOST_REGISTRY, properties.hostCheckDeadline());
    }

    @Override
    public Answer stateOf(HostId host) {
        try {
            HostState answer = registry.get()
                    .uri("/internal/v1/hosts/{id}", host.value())
                    .retrieve()
                    .body(HostState.class);
            return answer == null ? new Answer.Unavailable() : new Answer.Known(answer.state());
        } catch (PeerProblemException e) {
            if (e.status() == HttpStatus.NOT_FOUND.value()) {
                return new Answer.NoSuchHost();
            }
            log.warn("registry does not tell the state of host {}: {}", host, e.getMessage());
            return new Answer.Unavailable();
        } catch (PeerUnavailableException | RestClientException e) {
            log.warn("registry does not tell the state of host {}: {}", host, e.getMessage());
            return new Answer.Unavailable();
        }
    }

    record HostState(HostLifeState state) {}
}
