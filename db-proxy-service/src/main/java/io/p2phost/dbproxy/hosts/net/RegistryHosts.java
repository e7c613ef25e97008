package io.p2phost.dbproxy.hosts.net;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

@Configuration(proxyBeanMethods = false)
class RegistryHosts {
    private static final Logger log = LoggerFactory.getLogger(RegistryHosts.class);
    private static final Duration DEADLINE = Duration.ofMillis(500);

    @Bean
    HostIndex hostIndex(InternalClients clients) {
        RestClient registry = clients.rest(ServiceName.HOST_REGISTRY, DEADLINE);
        return new HostIndex(host -> ask(registry, host));
    }

    private static Optional<HostLifeState> ask(RestClient registry, HostId host) {
        try {
            HostState answer = registry.get()
                    .uri("/internal/v1/hosts/{id}", host.value())
                    .retrieve()
                    .body(HostState.class);
            return Optional.ofNullable(answer).map(HostState::state);
        } catch (PeerProblemException | PeerUnavailableException e) {
            log.info("state of host {} not known: {}", host, e.getMessage());
            return Optional.empty();
        }
    }

    record HostState(HostLifeState state) {}
}
