package io.p2phost.assignment.whois.net;

import io.p2phost.assignment.ownership.Relays;
import io.p2phost.assignment.whois.RelayPlayers;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Future.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/** All at once: one that does not answer holds nobody up for longer than its own deadline. */
@Component
class HttpRelayPlayers implements RelayPlayers {
    /** As many as are asked for their routes. */
    static final int MAX_RELAYS = 100;

    private static final Logger log = LoggerFactory.getLogger(HttpRelayPlayers.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final InternalClients clients;
    private final Relays relays;

    HttpRelayPlayers(InternalClients clients, Relays relays) {
        this.clients = clients;
        this.relays = relays;
    }

    @Override
    public Answer ask(String whom) {
        Map<String, Future<Optional<List<Player>>>> asked = new LinkedHashMap<>();
        // Closing it waits for all of them.
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            relays.living().stream()
                    .limit(MAX_RELAYS)
                    .forEach(relay -> asked.put(relay.relayId(), executor.submit(() -> ask(relay, whom))));
        }
        List<Player> players = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        asked.forEach((relayId, answer) -> {
            Optional<List<Player>> told = answer.state() == State.SUCCESS ? answer.resultNow() : Optional.empty();
            told.ifPresentOrElse(players::addAll, () -> silent.add(relayId));
        });
        return new Answer(players, silent);
    }

    private Optional<List<Player>> ask(Relays.Living relay, String whom) {
        try {
            List<Row> rows = clients.rest(relay.apiUrl(), ServiceName.RELAY, DEADLINE)
                    .get()
                    .uri("/internal/v1/players/{whom}", whom)
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<Row>>() {});
            return Optional.of((rows == null ? List.<Row>of() : rows)
                    .stream().map(row -> row.of(relay.relayId())).toList());
        } catch (PeerProblemException | PeerUnavailableException | RestClientException | IllegalArgumentException e) {
            log.warn("relay {} does not tell its players: {}", relay.relayId(), e.getMessage());
            return Optional.empty();
        }
    }

    record Row(
            int accountId,
            String clientAddress,
            String sourceAddress,
            long sessionNumber,
            String phase,
            Instant since,
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable Owner owner) {
        Player of(String relayId) {
            return new Player(
                    relayId, accountId, clientAddress, sourceAddress, sessionNumber, phase, since, map, epoch, owner);
        }
    }
}
