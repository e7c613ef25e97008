package io.p2phost.assignment.standby.net;

import io.p2phost.assignment.ownership.Relays;
import io.p2phost.assignment.standby.HostNetworks;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/** Asked of every living relay in the background; hosts of relays that do not answer keep the network they had. */
@Component
class HttpHostNetworks implements HostNetworks {
    /** More than the suite is made for; beyond it networks are not known. */
    static final int MAX_HOSTS = 50_000;

    private static final Logger log = LoggerFactory.getLogger(HttpHostNetworks.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final InternalClients clients;
    private final Relays relays;
    private volatile Map<HostId, String> known = Map.of();

    HttpHostNetworks(InternalClients clients, Relays relays) {
        this.clients = clients;
        this.relays = relays;
    }

    @Override
    public Optional<String> of(HostId host) {
        return Optional.ofNullable(known.get(host));
    }

    @Scheduled(fixedDelayString = "${p2p.assignment.networks-interval:15s}")
    void poll() {
        Map<HostId, String> fresh = new HashMap<>();
        boolean whole = true;
        for (Relays.Living relay : relays.living()) {
            whole &= ask(relay, fresh);
        }
        if (!whole) {
            known.forEach(fresh::putIfAbsent);
        }
        known = Map.copyOf(fresh);
    }

    private boolean ask(Relays.Living relay, Map<HostId, String> networks) {
        try {
            List<Row> rows = clients.rest(relay.apiUrl(), ServiceName.RELAY, DEADLINE)
                    .get()
                    .uri("/internal/v1/tunnels")
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<Row>>() {});
            for (Row row : rows == null ? List.<Row>of() : rows) {
                if (row.network() != null && networks.size() < MAX_HOSTS) {
                    networks.put(row.hostId(), row.network());
                }
            }
            return true;
        } catch (PeerProblemException | PeerUnavailableException | RestClientException | IllegalArgumentException e) {
            log.debug("relay {} does not tell its tunnels: {}", relay.relayId(), e.getMessage());
            return false;
        }
    }

    record Row(HostId hostId, @Nullable String network) {}
}
