package io.p2phost.dbproxy.engine.net;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.engine.Orders;
import io.p2phost.dbproxy.engine.RelayOrders;
import io.p2phost.dbproxy.engine.Whither;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.relays.LiveRelays;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/** Orders over HTTP: to relays together, to assignment each map on a thread of its own. */
@Component
class HttpOrders implements Orders, RelayOrders.Post, AutoCloseable {
    /** Maps asked about at once. */
    static final int MAX_DECISIONS = 64;

    private static final Logger log = LoggerFactory.getLogger(HttpOrders.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final LiveRelays relays;
    private final InternalClients clients;
    private final RelayOrders orders;
    private final Counter failed;
    private final Set<MapName> deciding = ConcurrentHashMap.newKeySet();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    HttpOrders(LiveRelays relays, InternalClients clients, MeterRegistry meters) {
        this.relays = relays;
        this.clients = clients;
        this.orders = new RelayOrders(this, RelayOrders.Policy.defaults(), System::nanoTime, meters);
        this.failed = meters.counter("p2p_dbproxy_orders_total", "outcome", "failed");
    }

    @Override
    public void rehome(Outside.Rehome order, Optional<String> reserveAddress, Runnable unknown, Runnable untold) {
        Optional<Whither> to = Whither.of(order, reserveAddress);
        if (to.isEmpty()) {
            // The reserve has not told its address yet: asked again in a second.
            failed.increment();
            return;
        }
        orders.give(order.relay(), new RelayOrders.Order.Rehome(order, to.get(), unknown, untold));
    }

    @Override
    public void release(String relay, int account, long number) {
        orders.give(relay, new RelayOrders.Order.Release(account, number));
    }

    @Override
    public void kick(String relay, int account, long number) {
        orders.give(relay, new RelayOrders.Order.Kick(account, number));
    }

    @Override
    public Set<Integer> tell(String relayId, List<RelayOrders.Order> told) {
        LiveRelays.Relay relay = relays.find(relayId)
                .orElseThrow(() -> new RelayOrders.NotToldException("it has not been heard of lately"));
        OrdersBody body = new OrdersBody(told.stream().map(HttpOrders::body).toList());
        try {
            OrdersAnswer answer = clients.rest(relay.apiUrl(), ServiceName.RELAY, DEADLINE)
                    .post()
                    .uri("/internal/v1/orders")
                    .body(body)
                    .retrieve()
                    .body(OrdersAnswer.class);
            return answer == null || answer.unknown() == null ? Set.of() : Set.copyOf(answer.unknown());
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            throw new RelayOrders.NotToldException(String.valueOf(e.getMessage()));
        }
    }

    private static OrderBody body(RelayOrders.Order order) {
        return switch (order) {
            case RelayOrders.Order.Rehome rehome -> {
                Whither to = rehome.to();
                yield new OrderBody(
                        "REHOME",
                        order.account(),
                        order.number(),
                        to.owner(),
                        to.map(),
                        to.epoch(),
                        to.loginId1(),
                        rehome.what().x(),
                        rehome.what().y(),
                        rehome.what().front());
            }
            case RelayOrders.Order.Release release -> OrderBody.of("RELEASE", release);
            case RelayOrders.Order.Kick kick -> OrderBody.of("KICK", kick);
        };
    }

    @Override
    public void decide(MapName map, int account, @Nullable String relay) {
        if (deciding.size() >= MAX_DECISIONS || !deciding.add(map)) {
            return;
        }
        String region = relays.find(relay).map(LiveRelays.Relay::region).orElse(null);
        executor.execute(() -> {
            try {
                clients.rest(ServiceName.MAP_ASSIGNMENT, DEADLINE)
                        .post()
                        .uri("/internal/v1/decisions")
                        .body(new DecisionBody(UUID.randomUUID(), map, account, region))
                        .retrieve()
                        .toBodilessEntity();
            } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
                failed.increment();
                log.info("assignment could not be asked about {}: {}", map, e.getMessage());
            } finally {
                deciding.remove(map);
            }
        });
    }

    @Override
    public void close() {
        orders.close();
        executor.shutdownNow();
    }

    record OrdersBody(List<OrderBody> orders) {}

    record OrderBody(
            String kind,
            int accountId,
            long sessionNumber,
            @Nullable Owner owner,
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable Integer loginId1,
            @Nullable Integer x,
            @Nullable Integer y,
            @JsonInclude(JsonInclude.Include.NON_NULL) Outside.@Nullable Front front) {
        static OrderBody of(String kind, RelayOrders.Order order) {
            return new OrderBody(kind, order.account(), order.number(), null, null, null, null, null, null, null);
        }
    }

    record OrdersAnswer(@Nullable List<Integer> unknown) {}

    record DecisionBody(
            UUID requestId,
            MapName map,
            int accountId,
            @Nullable String region) {}
}
