package io.p2phost.assignment.standby.net;

import io.p2phost.assignment.ownership.Relays;
import io.p2phost.assignment.standby.Standby;
import io.p2phost.assignment.standby.StandbyOrders;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** One relay after another: nobody waits for it, and the next time is soon. */
@Component
class HttpStandbyOrders implements StandbyOrders {
    /** What a relay takes at once. */
    static final int MAX_AT_ONCE = 500;

    private static final Logger log = LoggerFactory.getLogger(HttpStandbyOrders.class);
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private final InternalClients clients;
    private final Relays relays;

    HttpStandbyOrders(InternalClients clients, Relays relays) {
        this.clients = clients;
        this.relays = relays;
    }

    @Override
    public void tell(List<Standby> standbys) {
        List<Row> rows = standbys.stream()
                .map(standby -> new Row(standby.map(), standby.epoch(), standby.host()))
                .toList();
        for (Relays.Living relay : relays.living()) {
            try {
                RestClient client = clients.rest(relay.apiUrl(), ServiceName.RELAY, DEADLINE);
                for (int from = 0; from < rows.size(); from += MAX_AT_ONCE) {
                    tell(client, rows.subList(from, Math.min(rows.size(), from + MAX_AT_ONCE)));
                }
            } catch (PeerProblemException
                    | PeerUnavailableException
                    | RestClientException
                    | IllegalArgumentException e) {
                log.info("relay {} is not told of standbys now: {}", relay.relayId(), e.getMessage());
            }
        }
    }

    private static void tell(RestClient relay, List<Row> rows) {
        relay.put()
                .uri("/internal/v1/standbys")
                .contentType(MediaType.APPLICATION_JSON)
                .body(new Body(rows))
                .retrieve()
                .toBodilessEntity();
    }

    record Body(List<Row> standbys) {}

    record Row(MapName map, Epoch epoch, HostId hostId) {}
}
