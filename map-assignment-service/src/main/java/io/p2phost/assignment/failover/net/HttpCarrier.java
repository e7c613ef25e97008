package io.p2phost.assignment.failover.net;

import io.p2phost.assignment.AssignmentProperties;
import io.p2phost.assignment.failover.Carrier;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/**
 * db-proxy over HTTP, which knows where relays take players. If it does not answer nothing moves: it would have to move the
 * maps too, and players wait for their relay's tunnel.
 */
@Component
class HttpCarrier implements Carrier {
    private static final Logger log = LoggerFactory.getLogger(HttpCarrier.class);
    private static final int CONFLICT = 409;

    private final InternalClients clients;
    private final AssignmentProperties properties;

    HttpCarrier(InternalClients clients, AssignmentProperties properties) {
        this.clients = clients;
        this.properties = properties;
    }

    @Override
    public boolean carry(HostId host, String from, Set<String> others) {
        try {
            Carried carried = clients.rest(ServiceName.DB_PROXY, properties.arbiterDeadline())
                    .post()
                    .uri("/internal/v1/hosts/{id}/carries", host.value())
                    .body(new Carry(from, others))
                    .retrieve()
                    .body(Carried.class);
            if (carried != null) {
                log.info("host {}: {} players of {} go on through {}", host, carried.players, from, carried.relayId);
            }
            return true;
        } catch (PeerProblemException e) {
            log.warn("host {}: players of {} are not carried: {}", host, from, e.getMessage());
            return e.status() != CONFLICT;
        } catch (PeerUnavailableException | RestClientException e) {
            log.warn("host {}: players of {} are not carried: {}", host, from, e.getMessage());
            return true;
        }
    }

    record Carry(String from, Set<String> to) {}

    record Carried(String relayId, int players) {}
}
