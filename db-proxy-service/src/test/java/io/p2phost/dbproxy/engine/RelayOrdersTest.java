package io.p2phost.dbproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.engine.RelayOrders.Order;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.ServerKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayOrdersTest {
    private static final String RELAY = "relay-1";
    private static final Duration KEPT = Duration.ofSeconds(30);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong now = new AtomicLong();
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final List<Integer> unknown = new CopyOnWriteArrayList<>();
    private final List<Integer> untold = new CopyOnWriteArrayList<>();
    private final RelayOrders orders =
            new RelayOrders(this::tell, new RelayOrders.Policy(5, 3, KEPT, Duration.ofMillis(1)), now::get, meters);

    /** A call that waits for the relay's answer. */
    private record Call(String relay, List<Order> orders, CompletableFuture<Set<Integer>> answer) {
        List<Integer> accounts() {
            return orders.stream().map(Order::account).toList();
        }
    }

    private Set<Integer> tell(String relay, List<Order> told) {
        Call call = new Call(relay, told, new CompletableFuture<>());
        calls.add(call);
        try {
            return call.answer().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new RelayOrders.NotToldException("no answer");
        }
    }

    private Call call() throws InterruptedException {
        Call call = calls.poll(30, TimeUnit.SECONDS);
        assertThat(call).isNotNull();
        return call;
    }

    private Order rehome(int account, long number) {
        HostId host = HostId.of("0198c0de-0000-7000-8000-000000000001");
        MapName map = new MapName("prt_fild08");
        return new Order.Rehome(
                new Outside.Rehome(
                        RELAY,
                        account,
                        account,
                        number,
                        new Outside.Route(new ServerKey.Cell(host, map, Epoch.of(2)), map, Epoch.of(2), 7),
                        1,
                        2,
                        null),
                new Whither(Owner.host(host), map, Epoch.of(2), 7),
                () -> unknown.add(account),
                () -> untold.add(account));
    }

    private double counted(String outcome) {
        return meters.counter("p2p_dbproxy_orders_total", "outcome", outcome).count();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    @Test
    void whatComesWhileARelayIsToldGoesTogetherWithTheNext() throws Exception {
        orders.give(RELAY, rehome(1, 1));
        Call first = call();
        IntStream.rangeClosed(2, 5).forEach(account -> orders.give(RELAY, rehome(account, 1)));
        first.answer().complete(Set.of());
        Call second = call();
        assertThat(first.accounts()).containsExactly(1);
        assertThat(second.accounts()).containsExactly(2, 3, 4);
        second.answer().complete(Set.of());
        Call third = call();
        assertThat(third.accounts()).containsExactly(5);
        third.answer().complete(Set.of());
        await().until(() -> counted("done") == 5);
        assertThat(orders.size()).isZero();
    }

    @Test
    void relayThatHangsHoldsUpNoOther() throws Exception {
        orders.give(RELAY, rehome(1, 1));
        assertThat(call().relay()).isEqualTo(RELAY);
        orders.give("relay-2", rehome(2, 1));
        assertThat(call().relay()).isEqualTo("relay-2");
    }

    @Test
    void newerOrderTakesThePlaceOfAnOlderOneOfItsKind() throws Exception {
        orders.give(RELAY, rehome(1, 1));
        Call first = call();
        orders.give(RELAY, rehome(2, 1));
        orders.give(RELAY, new Order.Release(2, 1));
        orders.give(RELAY, rehome(2, 3));
        first.answer().complete(Set.of());
        assertThat(call().orders())
                .extracting(Order::number, order -> order.getClass().getSimpleName())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3L, "Rehome"),
                        org.assertj.core.groups.Tuple.tuple(1L, "Release"));
    }

    @Test
    void moreThanMayWaitIsDroppedAndCounted() throws Exception {
        orders.give(RELAY, rehome(1, 1));
        call();
        IntStream.rangeClosed(2, 7).forEach(account -> orders.give(RELAY, rehome(account, 1)));
        assertThat(orders.size()).isEqualTo(5);
        assertThat(counted("too_many")).isEqualTo(1);
        // Who waits may still be told something newer.
        orders.give(RELAY, rehome(2, 2));
        assertThat(counted("too_many")).isEqualTo(1);
    }

    @Test
    void strangersAreSaidToBeUnknown() throws Exception {
        orders.give(RELAY, rehome(1, 1));
        call().answer().complete(Set.of(1));
        await().until(() -> unknown.equals(List.of(1)));
    }

    @Test
    void rehomeThatFailsIsLeftToTheMultiplexer() throws Exception {
        orders.give(RELAY, rehome(1, 1));
        call().answer().completeExceptionally(new IllegalStateException());
        await().until(() -> counted("failed") == 1 && untold.equals(List.of(1)));
        assertThat(calls.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void kickAndReleaseAreRepeatedUntilTheRelayAnswers() throws Exception {
        orders.give(RELAY, new Order.Kick(1, 1));
        call().answer().completeExceptionally(new IllegalStateException());
        Call again = call();
        orders.give(RELAY, new Order.Release(2, 1));
        again.answer().completeExceptionally(new IllegalStateException());
        List<Integer> told = new ArrayList<>();
        Call both = call();
        told.addAll(both.accounts());
        both.answer().complete(Set.of());
        assertThat(told).containsExactlyInAnyOrder(1, 2);
        await().until(() -> counted("done") == 2);
    }

    @Test
    void relayIsToldFurtherAfterAFaultThatNobodyExpected() {
        List<Integer> told = new CopyOnWriteArrayList<>();
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        try (RelayOrders faulty = new RelayOrders(
                (relay, batch) -> {
                    batch.forEach(order -> told.add(order.account()));
                    if (told.size() == 1) {
                        throw new IllegalStateException("no address");
                    }
                    return Set.of();
                },
                RelayOrders.Policy.defaults(),
                now::get,
                own)) {
            faulty.give(RELAY, rehome(1, 1));
            await().until(() -> told.equals(List.of(1)) && faulty.size() == 0);
            faulty.give(RELAY, rehome(2, 1));
            await().until(() -> told.equals(List.of(1, 2)));
        }
    }

    @Test
    void kickThatIsTooOldIsGivenUp() throws Exception {
        orders.give(RELAY, new Order.Kick(1, 1));
        Call first = call();
        now.addAndGet(KEPT.toNanos());
        first.answer().completeExceptionally(new IllegalStateException());
        await().until(() -> counted("given_up") == 1);
        assertThat(orders.size()).isZero();
    }

    @Test
    void afterTheEndNothingIsTold() throws Exception {
        orders.close();
        orders.give(RELAY, rehome(1, 1));
        assertThat(calls.poll(100, TimeUnit.MILLISECONDS)).isNull();
        assertThat(orders.size()).isZero();
    }
}
