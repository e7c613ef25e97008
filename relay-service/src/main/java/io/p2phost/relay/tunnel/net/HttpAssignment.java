package io.p2phost.relay.tunnel.net;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.tunnel.Assignment;
import java.time.Duration;
import java.time.Instant;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

@Component
class HttpAssignment implements Assignment {
    /** Assignment answers a loss when the maps have moved; readiness is only noted. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final String TUNNEL_LOST = "TUNNEL_LOST";

    private final RestClient assignment;
    private final String relayId;

    HttpAssignment(InternalClients clients, RelayProperties properties) {
        this.assignment = clients.rest(ServiceName.MAP_ASSIGNMENT, DEADLINE);
        this.relayId = properties.relayId();
    }

    @Override
    public void tunnelLost(HostId host, Instant observedAt) {
        post("/internal/v1/failovers", new Loss(host, relayId, TUNNEL_LOST, observedAt));
    }

    @Override
    public void readiness(HostId host, MapName map, Epoch epoch, boolean ready, String detail) {
        post("/internal/v1/readiness", new Readiness(relayId, host, map, epoch, ready, detail));
    }

    private void post(String path, Object body) {
        try {
            assignment.post().uri(path).body(body).retrieve().toBodilessEntity();
        } catch (PeerUnavailableException e) {
            throw new RetryLaterException(e);
        } catch (PeerProblemException e) {
            if (e.status() >= HttpStatus.INTERNAL_SERVER_ERROR.value()
                    || e.status() == HttpStatus.TOO_MANY_REQUESTS.value()) {
                throw new RetryLaterException(e);
            }
            throw e;
        }
    }

    record Loss(HostId hostId, String reporter, String cause, Instant observedAt) {}

    record Readiness(String relayId, HostId hostId, MapName map, Epoch epoch, boolean ready, String detail) {}
}
