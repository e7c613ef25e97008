package io.p2phost.dbproxy.turn.net;

import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.DbProxyProperties;
import io.p2phost.dbproxy.turn.Turn;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/** Asks the instances that the settings name, itself perhaps among them. Who does not answer in a second does not work. */
@Component
class OtherInstances implements Turn.Others {
    private static final Logger log = LoggerFactory.getLogger(OtherInstances.class);
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    private final List<String> instances;
    private final InternalClients clients;

    OtherInstances(DbProxyProperties properties, InternalClients clients) {
        this.instances = properties.instances();
        this.clients = clients;
    }

    @Override
    public boolean work() {
        return instances.stream().anyMatch(this::works);
    }

    private boolean works(String url) {
        try {
            Answer answer = clients.rest(url, ServiceName.DB_PROXY, DEADLINE)
                    .get()
                    .uri("/internal/v1/turn")
                    .retrieve()
                    .body(Answer.class);
            return answer != null && answer.active;
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            log.info("instance {} does not say that it works: {}", url, e.getMessage());
            return false;
        }
    }

    record Answer(boolean active) {}
}
