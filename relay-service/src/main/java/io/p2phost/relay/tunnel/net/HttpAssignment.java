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
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

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
        tell(() -> {
            Taken taken = post("/internal/v1/failovers", new Loss(host, relayId, TUNNEL_LOST, observedAt))
                    .body(Taken.class);
            if (taken == null || taken.moved == null) {
                // Players of a lost host wait for whoever has taken it: that must have been assignment.
                throw new RetryLaterException(new IllegalStateException("the answer is none of assignment's"));
            }
        });
    }

    @Override
    public void readiness(HostId host, MapName map, Epoch epoch, boolean ready, String detail) {
        tell(() -> post("/internal/v1/readiness", new Readiness(relayId, host, map, epoch, ready, detail))
                .toBodilessEntity());
    }

    private RestClient.ResponseSpec post(String path, Object body) {
        return assignment.post().uri(path).body(body).retrieve();
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (PeerUnavailableException | RestClientException e) {
            throw new RetryLaterException(e);
        } catch (PeerProblemException e) {
            if (e.status() >= HttpStatus.INTERNAL_SERVER_ERROR.value()
                    || e.status() == HttpStatus.TOO_MANY_REQUESTS.value()) {
                throw new RetryLaterException(e);
            }
            throw e;
        }
    }

    /** What has been moved already does not matter here. */
    record Taken(@Nullable List<Object> moved) {}

    record Loss(HostId hostId, String reporter, String cause, Instant observedAt) {}

    record Readiness(String relayId, HostId hostId, MapName map, Epoch epoch, boolean ready, String detail) {}
}
