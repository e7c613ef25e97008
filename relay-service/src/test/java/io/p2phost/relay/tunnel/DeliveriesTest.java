package io.p2phost.relay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private static final int ATTEMPTS = 4;
    private static final int MAX_KEYS = 3;
    private static final int MAX_CALLS = 2;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Deliveries deliveries = new Deliveries(
            new Deliveries.Policy(ATTEMPTS, Duration.ofMillis(1), Duration.ofMillis(5), MAX_KEYS, MAX_CALLS), meters);
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        deliveries.close();
    }

    @Test
    void messageIsToldAgainUntilItIsTaken() {
        AtomicInteger attempts = new AtomicInteger();
        deliveries.submit("a", message(() -> true, () -> {
            if (attempts.incrementAndGet() < ATTEMPTS) {
                throw later();
            }
        }));
        await().until(() -> count("delivered") == 1);
        assertThat(attempts).hasValue(ATTEMPTS);
        await().until(() -> deliveries.pending() == 0);
    }

    @Test
    void attemptsAreBounded() {
        AtomicInteger attempts = new AtomicInteger();
        deliveries.submit("a", message(() -> true, () -> {
            attempts.incrementAndGet();
            throw later();
        }));
        await().until(() -> count("given_up") == 1);
        assertThat(attempts).hasValue(ATTEMPTS);
    }

    @Test
    void refusedMessageIsNotRepeated() {
        AtomicInteger attempts = new AtomicInteger();
        deliveries.submit("a", message(() -> true, () -> {
            attempts.incrementAndGet();
            throw new IllegalArgumentException("no such host");
        }));
        await().until(() -> count("refused") == 1);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void messageThatIsNoLongerTrueIsLetGo() {
        AtomicBoolean wanted = new AtomicBoolean(true);
        deliveries.submit("a", message(wanted::get, () -> {
            wanted.set(false);
            throw later();
        }));
        await().until(() -> count("overtaken") == 1);
    }

    @Test
    void onlyTheNewestOfAKeyWaits() {
        deliveries.submit("a", held("first"));
        await().until(() -> sent.contains("first"));
        deliveries.submit("a", held("second"));
        deliveries.submit("a", held("third"));
        assertThat(deliveries.pending()).isOne();

        gate.countDown();

        await().until(() -> deliveries.pending() == 0);
        assertThat(sent).containsExactly("first", "third");
    }

    @Test
    void keysAndCallsAtOnceAreBounded() {
        for (int i = 0; i < MAX_KEYS; i++) {
            deliveries.submit(i, held("key " + i));
        }
        deliveries.submit("one too many", held("dropped"));

        assertThat(count("dropped")).isOne();
        assertThat(deliveries.pending()).isEqualTo(MAX_KEYS);
        await().until(() -> sent.size() == MAX_CALLS);
        await().during(Duration.ofMillis(100)).until(() -> sent.size() == MAX_CALLS);

        gate.countDown();

        await().until(() -> count("delivered") == MAX_KEYS);
        assertThat(sent).hasSize(MAX_KEYS).doesNotContain("dropped");
    }

    private Deliveries.Message held(String name) {
        return message(() -> true, () -> {
            sent.add(name);
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static Deliveries.Message message(java.util.function.BooleanSupplier wanted, Runnable send) {
        return new Deliveries.Message("test", wanted, send);
    }

    private static Assignment.RetryLaterException later() {
        return new Assignment.RetryLaterException(new IllegalStateException("away"));
    }

    private int count(String outcome) {
        return (int) meters.counter("p2p_relay_reports_total", "kind", "test", "outcome", outcome)
                .count();
    }
}
