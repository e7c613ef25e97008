package io.p2phost.registry.host.net;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import io.p2phost.registry.host.RemoteRequirements;
import io.p2phost.registry.host.Requirements;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@Component
class AssignmentRequirements implements RemoteRequirements {
    private static final Logger log = LoggerFactory.getLogger(AssignmentRequirements.class);
    /** No retry: the host asks again, and the last known answer is nearly always the same. */
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private final RestClient assignment;

    AssignmentRequirements(InternalClients clients) {
        this.assignment = clients.rest(ServiceName.MAP_ASSIGNMENT, DEADLINE);
    }

    @Override
    public Optional<Requirements> fetch() {
        try {
            return Optional.ofNullable(
                    assignment.get().uri("/internal/v1/requirements").retrieve().body(Requirements.class));
        } catch (PeerUnavailableException | PeerProblemException | RestClientException e) {
            log.warn("requirements: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
