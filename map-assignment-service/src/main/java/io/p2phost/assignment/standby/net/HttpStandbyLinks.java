package io.p2phost.assignment.standby.net;

import io.p2phost.assignment.standby.StandbyLinks;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@Component
class HttpStandbyLinks implements StandbyLinks {
    private static final Logger log = LoggerFactory.getLogger(HttpStandbyLinks.class);
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    private final RestClient dbProxy;

    HttpStandbyLinks(InternalClients clients) {
        this.dbProxy = clients.rest(ServiceName.DB_PROXY, DEADLINE);
    }

    @Override
    public Optional<Set<Link>> linked() {
        try {
            List<Link> links = dbProxy.get()
                    .uri("/internal/v1/standbys")
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<Link>>() {});
            return Optional.of(links == null ? Set.of() : Set.copyOf(links));
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            log.debug("standbys that are linked are not known anew: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
