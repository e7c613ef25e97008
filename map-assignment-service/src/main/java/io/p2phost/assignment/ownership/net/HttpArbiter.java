package io.p2phost.assignment.ownership.net;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.p2phost.assignment.AssignmentProperties;
import io.p2phost.assignment.ownership.Arbiter;
import io.p2phost.assignment.ownership.ArbiterUnavailableException;
import io.p2phost.assignment.ownership.Handovers;
import io.p2phost.assignment.ownership.Route;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * db-proxy over HTTP. Each try has a deadline; silence is tried once more, which is safe because a change that took
 * effect is told as such; after half of ten calls failed nobody asks for two seconds. A planned change has more time and
 * one try: nobody is without a server meanwhile.
 */
@Component
class HttpArbiter implements Arbiter {
    private static final int CONFLICT = 409;

    private final RestClient client;
    private final RestClient patient;
    private final CircuitBreaker breaker;
    private final Retry retry;

    HttpArbiter(
            InternalClients clients,
            AssignmentProperties properties,
            CircuitBreakerRegistry breakers,
            RetryRegistry retries) {
        this.client = clients.rest(ServiceName.DB_PROXY, properties.arbiterDeadline());
        this.patient = clients.rest(ServiceName.DB_PROXY, properties.plannedDeadline());
        this.breaker = breakers.circuitBreaker(
                "db-proxy",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(10)
                        .minimumNumberOfCalls(5)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(Duration.ofSeconds(2))
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .automaticTransitionFromOpenToHalfOpenEnabled(true)
                        .recordException(HttpArbiter::isFailure)
                        .build());
        this.retry = retries.retry(
                "db-proxy",
                RetryConfig.custom()
                        .maxAttempts(2)
                        .intervalFunction(IntervalFunction.of(Duration.ofMillis(50)))
                        .retryOnException(HttpArbiter::isFailure)
                        .build());
    }

    private static boolean isFailure(Throwable e) {
        return e instanceof PeerUnavailableException
                || (e instanceof PeerProblemException problem && problem.status() >= 500)
                || e instanceof RestClientException;
    }

    @Override
    public Answer compareAndSet(MapName map, Epoch fromEpoch, @Nullable Owner owner, String cause, boolean planned) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("fromEpoch", fromEpoch.value());
        if (owner != null) {
            body.put("owner", owner);
        }
        body.put("cause", cause);
        body.put("planned", planned);
        if (planned && Handovers.isUnreached(cause)) {
            body.put("unreached", true);
        }
        try {
            OwnerAnswer answer = Objects.requireNonNull(
                    planned
                            ? breaker.executeSupplier(() -> put(patient, map, body))
                            : call(() -> put(client, map, body)));
            return new Answer.Changed(
                    answer.epoch(), answer.owner(), answer.routes() == null ? List.of() : answer.routes());
        } catch (PeerProblemException e) {
            return refusal(e);
        } catch (CallNotPermittedException e) {
            return new Answer.NotAsked();
        } catch (PeerUnavailableException | RestClientException e) {
            return new Answer.Unknown(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable OwnerAnswer put(RestClient client, MapName map, Map<String, Object> body) {
        return client.put()
                .uri("/internal/v1/owners/{map}", map.value())
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .retrieve()
                .body(OwnerAnswer.class);
    }

    private static Answer refusal(PeerProblemException e) {
        if (e.status() >= 500) {
            return new Answer.Unknown(String.valueOf(e.getMessage()));
        }
        if (e.status() == CONFLICT && e.problem().containsKey("epoch")) {
            OwnerAnswer row = Json.mapper().convertValue(e.problem(), OwnerAnswer.class);
            return new Answer.Stale(row.epoch(), row.owner());
        }
        return new Answer.Refused(String.valueOf(e.problem().getOrDefault("detail", "status " + e.status())));
    }

    @Override
    public List<InEffect> owners() {
        try {
            List<InEffect> owners = call(() -> client.get()
                    .uri("/internal/v1/owners")
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<InEffect>>() {}));
            return owners == null ? List.of() : owners;
        } catch (PeerProblemException | PeerUnavailableException | RestClientException | CallNotPermittedException e) {
            throw new ArbiterUnavailableException("db-proxy: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean reachable() {
        return breaker.getState() != CircuitBreaker.State.OPEN;
    }

    private <T> @Nullable T call(Supplier<@Nullable T> request) {
        return retry.executeSupplier(() -> breaker.executeSupplier(request));
    }

    record OwnerAnswer(
            Epoch epoch, @Nullable Owner owner, @Nullable List<Route> routes) {}
}
