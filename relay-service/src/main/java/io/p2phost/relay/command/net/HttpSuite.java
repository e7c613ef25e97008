package io.p2phost.relay.command.net;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import io.p2phost.relay.command.Remembered;
import io.p2phost.relay.command.Suite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@Component
class HttpSuite implements Suite {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    /** Verdicts asked for at once. */
    private static final int VERDICTS = 15;

    private static final String ALL = "";

    private final RestClient assignment;
    private final RestClient metrics;
    private final RestClient validator;
    private final Remembered<String, Standing> standing = new Remembered<>(key -> askStanding(), System::nanoTime);
    private final Remembered<String, List<Load>> loads = new Remembered<>(key -> askLoads(), System::nanoTime);
    private final Remembered<HostId, Scored> scores = new Remembered<>(this::askScore, System::nanoTime);
    private final Remembered<String, List<Verdict>> verdicts = new Remembered<>(this::askVerdicts, System::nanoTime);

    HttpSuite(InternalClients clients) {
        this.assignment = clients.rest(ServiceName.MAP_ASSIGNMENT, DEADLINE);
        this.metrics = clients.rest(ServiceName.METRICS, DEADLINE);
        this.validator = clients.rest(ServiceName.SECURITY_VALIDATOR, DEADLINE);
    }

    @Override
    public Optional<Standing> standing() {
        return standing.get(ALL);
    }

    @Override
    public Optional<List<Load>> loads() {
        return loads.get(ALL);
    }

    @Override
    public Optional<Double> score(HostId host) {
        return scores.get(host).map(Scored::score);
    }

    @Override
    public Optional<List<Verdict>> verdicts(@Nullable HostId host) {
        return verdicts.get(host == null ? ALL : host.value());
    }

    private Optional<Standing> askStanding() {
        return answer(() ->
                        assignment.get().uri("/internal/v1/status").retrieve().body(Status.class))
                .map(Status::standing);
    }

    private Optional<List<Load>> askLoads() {
        return answer(() -> metrics.get()
                .uri("/internal/v1/metrics/regions")
                .retrieve()
                .body(new ParameterizedTypeReference<List<Load>>() {}));
    }

    private Optional<Scored> askScore(HostId host) {
        return answer(() -> assignment
                .get()
                .uri("/internal/v1/hosts/{id}/score", host.value())
                .retrieve()
                .body(Scored.class));
    }

    private Optional<List<Verdict>> askVerdicts(String host) {
        return answer(() -> validator
                        .get()
                        .uri(uri -> uri.path("/internal/v1/validations")
                                .queryParam("limit", VERDICTS)
                                .queryParamIfPresent("hostId", host.isEmpty() ? Optional.empty() : Optional.of(host))
                                .build())
                        .retrieve()
                        .body(Verdicts.class))
                .map(Verdicts::items);
    }

    private static <T> Optional<T> answer(Supplier<@Nullable T> call) {
        try {
            return Optional.ofNullable(call.get());
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            // Counted where calls are made; the asker is told that it is not known.
            return Optional.empty();
        }
    }

    record Status(
            String state,
            HostCount hosts,
            @Nullable MapCount assignments,
            @Nullable Boolean calledHome,
            List<String> degraded) {
        Standing standing() {
            return new Standing(
                    state,
                    hosts.known,
                    hosts.ready,
                    assignments == null ? null : assignments.onHosts,
                    assignments == null ? null : assignments.onVps,
                    calledHome,
                    degraded);
        }
    }

    record HostCount(int known, int ready) {}

    record MapCount(int onHosts, int onVps) {}

    /** No score: assignment does not know the host. */
    record Scored(@Nullable Double score) {}

    record Verdicts(List<Verdict> items) {}
}
