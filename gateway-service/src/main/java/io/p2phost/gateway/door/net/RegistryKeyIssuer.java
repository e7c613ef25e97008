package io.p2phost.gateway.door.net;

import io.p2phost.contracts.ServiceName;
import io.p2phost.gateway.door.KeyIssuer;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@Component
class RegistryKeyIssuer implements KeyIssuer {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final RestClient registry;

    RegistryKeyIssuer(InternalClients clients) {
        this.registry = clients.rest(ServiceName.HOST_REGISTRY, DEADLINE);
    }

    // No retry here: the caller of the gateway retries, and a second try would double the load of a slow registry.
    @Override
    public Optional<Issued> issue(String apiKey) throws UnavailableException {
        try {
            Answer answer = registry.post()
                    .uri("/internal/v1/tokens")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(Map.of("apiKey", apiKey))
                    .retrieve()
                    .body(Answer.class);
            if (answer == null) {
                throw new UnavailableException("host-registry gave no token");
            }
            return Optional.of(new Issued(answer.token, answer.expiresAt));
        } catch (PeerProblemException e) {
            if (e.status() == 401) {
                return Optional.empty();
            }
            throw new UnavailableException("host-registry did not exchange the key");
        } catch (PeerUnavailableException | RestClientException e) {
            throw new UnavailableException("host-registry is not available");
        }
    }

    record Answer(String token, Instant expiresAt) {}
}
