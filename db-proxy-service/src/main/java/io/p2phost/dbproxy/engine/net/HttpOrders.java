package io.p2phost.dbproxy.engine.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.dbproxy.engine.Orders;
import io.p2phost.dbproxy.engine.Whither;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.relays.LiveRelays;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Orders over HTTP, each on a thread of its own and bounded in number: what is one too many, or fails, is counted and
 * asked again by the multiplexer a second later.
 */
@Component
class HttpOrders implements Orders, AutoCloseable {
    /** Orders under way at once; a relay answers in milliseconds. */
    static final int MAX_ORDERS = 1_024;

    /** Maps asked about at once. */
    static final int MAX_DECISIONS = 64;

    private static final Logger log = LoggerFactory.getLogger(HttpOrders.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final LiveRelays relays;
    private final InternalClients clients;
    private final Counter done;
    private final Counter failed;
    private final Counter tooMany;
    private final Semaphore places = new Semaphore(MAX_ORDERS);
    private final Set<MapName> deciding = ConcurrentHashMap.newKeySet();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    HttpOrders(LiveRelays relays, InternalClients clients, MeterRegistry meters) {
        this.relays = relays;
        this.clients = clients;
        this.done = meters.counter("p2p_dbproxy_orders_total", "outcome", "done");
        this.failed = meters.counter("p2p_dbproxy_orders_total", "outcome", "failed");
        this.tooMany = meters.counter("p2p_dbproxy_orders_total", "outcome", "too_many");
    }

    @Override
    public void rehome(Outside.Rehome order, Optional<String> reserveAddress, Runnable unknown) {
        Optional<Whither> to = Whither.of(order.route(), reserveAddress);
        if (to.isEmpty()) {
            // The reserve has not told its address yet: asked again in a second.
            failed.increment();
            return;
        }
        Whither whither = to.get();
        tell(
                order.relay(),
                "rehomes",
                new RehomeBody(
                        order.account(),
                        order.character(),
                        order.number(),
                        whither.owner(),
                        whither.map(),
                        whither.epoch(),
                        whither.loginId1(),
                        order.x(),
                        order.y()),
                unknown);
    }

    @Override
    public void release(String relay, int account, long number) {
        tell(relay, "releases", new PlayerBody(account, number), () -> {});
    }

    @Override
    public void kick(String relay, int account, long number) {
        tell(relay, "kicks", new PlayerBody(account, number), () -> {});
    }

    @Override
    public void decide(MapName map, int account, @Nullable String relay) {
        if (deciding.size() >= MAX_DECISIONS || !deciding.add(map)) {
            return;
        }
        String region = relays.find(relay).map(LiveRelays.Relay::region).orElse(null);
        start(
                () -> {
                    try {
                        post(
                                clients.rest(ServiceName.MAP_ASSIGNMENT, DEADLINE),
                                "decisions",
                                new DecisionBody(UUID.randomUUID(), map, account, region));
                    } finally {
                        deciding.remove(map);
                    }
                },
                "assignment, about " + map);
    }

    private void tell(@Nullable String relayId, String what, Object body, Runnable unknown) {
        Optional<LiveRelays.Relay> relay = relays.find(relayId);
        if (relay.isEmpty()) {
            failed.increment();
            return;
        }
        start(
                () -> {
                    try {
                        post(clients.rest(relay.get().apiUrl(), ServiceName.RELAY, DEADLINE), what, body);
                    } catch (PeerProblemException e) {
                        if (!e.isType(ProblemType.PLAYER_UNKNOWN.slug())) {
                            throw e;
                        }
                        unknown.run();
                    }
                },
                "relay " + relayId + ", " + what);
    }

    private static void post(RestClient peer, String what, Object body) {
        peer.post().uri("/internal/v1/" + what).body(body).retrieve().toBodilessEntity();
    }

    private void start(Runnable order, String whom) {
        if (!places.tryAcquire()) {
            tooMany.increment();
            return;
        }
        executor.execute(() -> {
            try {
                order.run();
                done.increment();
            } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
                failed.increment();
                log.info("{} could not be told: {}", whom, e.getMessage());
            } finally {
                places.release();
            }
        });
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    record RehomeBody(
            int accountId,
            int characterId,
            long sessionNumber,
            Owner owner,
            MapName map,
            Epoch epoch,
            int loginId1,
            int x,
            int y) {}

    record PlayerBody(int accountId, long sessionNumber) {}

    record DecisionBody(
            UUID requestId,
            MapName map,
            int accountId,
            @Nullable String region) {}
}
