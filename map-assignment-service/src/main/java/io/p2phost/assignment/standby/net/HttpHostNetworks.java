package io.p2phost.assignment.standby.net;

import io.p2phost.assignment.ownership.Relays;
import io.p2phost.assignment.selection.HostIndex;
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

/**
 * In which network each host is, and how far: asked of every living relay in the background. Hosts of relays that do not
 * answer keep what was known. Of several relays the nearest counts, which is the one that a host's players come through.
 */
@Component
class HttpHostNetworks implements HostNetworks {
    /** More than the suite is made for; beyond it networks are not known. */
    static final int MAX_HOSTS = 50_000;

    private static final Logger log = LoggerFactory.getLogger(HttpHostNetworks.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final InternalClients clients;
    private final Relays relays;
    private final HostIndex index;
    private volatile Map<HostId, Row> known = Map.of();

    HttpHostNetworks(InternalClients clients, Relays relays, HostIndex index) {
        this.clients = clients;
        this.relays = relays;
        this.index = index;
    }

    @Override
    public Optional<String> of(HostId host) {
        return Optional.ofNullable(known.get(host)).map(Row::network);
    }

    @Scheduled(fixedDelayString = "${p2p.assignment.networks-interval:15s}")
    void poll() {
        Map<HostId, Row> fresh = new HashMap<>();
        boolean whole = true;
        for (Relays.Living relay : relays.living()) {
            whole &= ask(relay, fresh);
        }
        if (!whole) {
            known.forEach(fresh::putIfAbsent);
        }
        known = Map.copyOf(fresh);
        Map<HostId, Double> distances = new HashMap<>();
        fresh.values().forEach(row -> row.distance().ifPresent(millis -> distances.put(row.hostId(), millis)));
        index.measured(distances);
    }

    private boolean ask(Relays.Living relay, Map<HostId, Row> hosts) {
        try {
            List<Row> rows = clients.rest(relay.apiUrl(), ServiceName.RELAY, DEADLINE)
                    .get()
                    .uri("/internal/v1/tunnels")
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<Row>>() {});
            for (Row row : rows == null ? List.<Row>of() : rows) {
                if (hosts.size() < MAX_HOSTS) {
                    hosts.merge(row.hostId(), row, Row::nearer);
                }
            }
            return true;
        } catch (PeerProblemException | PeerUnavailableException | RestClientException | IllegalArgumentException e) {
            log.debug("relay {} does not tell its tunnels: {}", relay.relayId(), e.getMessage());
            return false;
        }
    }

    record Row(
            HostId hostId,
            @Nullable String network,
            @Nullable Double roundTripMs,
            @Nullable Double jitterMs) {
        /** Within this time nearly everything is there and back. */
        private static final double JITTER_WEIGHT = 2;

        /** Round trip and jitter as one figure; none where nothing was measured. */
        Optional<Double> distance() {
            return Optional.ofNullable(roundTripMs)
                    .filter(millis -> Double.isFinite(millis) && millis >= 0)
                    .map(millis -> millis + (jitterMs == null ? 0 : JITTER_WEIGHT * Math.max(0, jitterMs)))
                    .map(millis -> Math.round(millis * 10) / 10d);
        }

        private static Row nearer(Row one, Row other) {
            double first = one.distance().orElse(Double.MAX_VALUE);
            Row near = other.distance().orElse(Double.MAX_VALUE) < first ? other : one;
            String network = near.network() != null ? near.network() : one.network();
            return new Row(near.hostId(), network, near.roundTripMs(), near.jitterMs());
        }
    }
}
