package io.p2phost.assignment.carry.net;

import io.p2phost.assignment.AssignmentProperties;
import io.p2phost.assignment.carry.RelayChange;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

@Component
class HttpRelayChange implements RelayChange {
    private static final int CONFLICT = 409;

    private final InternalClients clients;
    private final AssignmentProperties properties;

    HttpRelayChange(InternalClients clients, AssignmentProperties properties) {
        this.clients = clients;
        this.properties = properties;
    }

    @Override
    public Outcome move(String from, String to, int accountId) {
        try {
            return Objects.requireNonNull(clients.rest(ServiceName.DB_PROXY, properties.arbiterDeadline())
                    .post()
                    .uri("/internal/v1/relays/{id}/carries", from)
                    .body(new Shedding(to, accountId, MOST))
                    .retrieve()
                    .body(Outcome.Moving.class));
        } catch (PeerProblemException e) {
            String why = String.valueOf(e.getMessage());
            return e.status() == CONFLICT ? new Outcome.NoRelay(why) : new Outcome.Unknown(why);
        } catch (PeerUnavailableException | RestClientException e) {
            return new Outcome.Unknown(String.valueOf(e.getMessage()));
        }
    }

    record Shedding(String to, int accountId, int most) {}
}
