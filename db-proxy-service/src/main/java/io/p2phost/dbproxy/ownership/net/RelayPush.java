package io.p2phost.dbproxy.ownership.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.DbProxyProperties;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.RelayRoute;
import io.p2phost.dbproxy.ownership.RoutePush;
import io.p2phost.dbproxy.relays.LiveRelays;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Routes to all live relays in parallel; who does not answer in time learns by its own pull, at most 5 s later. */
@Component
class RelayPush implements RoutePush, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RelayPush.class);

    private final LiveRelays relays;
    private final InternalClients clients;
    private final Duration deadline;
    private final Counter failures;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    RelayPush(LiveRelays relays, InternalClients clients, DbProxyProperties properties, MeterRegistry meters) {
        this.relays = relays;
        this.clients = clients;
        this.deadline = properties.relayPushDeadline();
        this.failures = meters.counter("p2p_dbproxy_route_push_failures_total");
    }

    @Override
    public List<RelayRoute> push(MapOwner owner) {
        List<Future<Optional<RelayRoute>>> answers = new ArrayList<>();
        for (LiveRelays.Relay relay : relays.alive()) {
            answers.add(executor.submit(() -> tell(relay, owner)));
        }
        long giveUpAt = System.nanoTime() + deadline.toNanos();
        List<RelayRoute> told = new ArrayList<>();
        for (Future<Optional<RelayRoute>> answer : answers) {
            await(answer, giveUpAt).ifPresent(told::add);
        }
        return told;
    }

    private Optional<RelayRoute> await(Future<Optional<RelayRoute>> answer, long giveUpAt) {
        try {
            return answer.get(Math.max(0, giveUpAt - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            failures.increment();
            return Optional.empty();
        } catch (ExecutionException e) {
            failures.increment();
            log.warn("a relay could not be told", e.getCause());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<RelayRoute> tell(LiveRelays.Relay relay, MapOwner owner) {
        try {
            RouteAnswer answer = clients.rest(relay.apiUrl(), ServiceName.RELAY, deadline)
                    .put()
                    .uri("/internal/v1/routes/{map}", owner.map().value())
                    .body(new RouteRequest(owner.epoch(), owner.owner()))
                    .retrieve()
                    .body(RouteAnswer.class);
            return Optional.ofNullable(answer)
                    .map(a -> new RelayRoute(relay.relayId(), relay.region(), a.host(), a.port()));
        } catch (PeerProblemException | PeerUnavailableException e) {
            failures.increment();
            log.info("relay {} was not told of {}: {}", relay.relayId(), owner.map(), e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    record RouteRequest(Epoch epoch, @Nullable Owner owner) {}

    record RouteAnswer(String host, int port) {}
}
