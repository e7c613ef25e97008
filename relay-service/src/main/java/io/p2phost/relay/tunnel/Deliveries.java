package io.p2phost.relay.tunnel;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.links.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that must arrive but may not hold anybody up: each has a key, one of a key is under way at a time, a newer
 * one replaces one that waits; attempts are spaced and bounded, and so are the keys and the calls at once.
 */
public final class Deliveries implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

    private final Policy policy;
    private final MeterRegistry meters;
    private final Semaphore calls;
    private final Map<Object, Slot> slots = new ConcurrentHashMap<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * How messages are delivered.
     *
     * @param attempts most attempts of one message
     * @param firstRetry first step of the backoff
     * @param maxRetry last step
     * @param maxKeys most keys under way; messages beyond are dropped and counted
     * @param maxCalls most calls at once; when a whole network of hosts is lost, the others wait
     */
    public record Policy(int attempts, Duration firstRetry, Duration maxRetry, int maxKeys, int maxCalls) {
        /** About half a minute: longer than a restart of the peer. */
        public static Policy defaults() {
            return new Policy(15, Duration.ofMillis(100), Duration.ofSeconds(3), 10_000, 64);
        }
    }

    /**
     * A message.
     *
     * @param kind for the metrics
     * @param wanted asked before each repetition: false lets it go
     * @param send delivers it; {@link Assignment.RetryLaterException} asks for another attempt
     */
    public record Message(String kind, BooleanSupplier wanted, Runnable send) {}

    private static final class Slot {
        private @Nullable Message next;

        synchronized void put(Message message) {
            next = message;
        }

        synchronized @Nullable Message take() {
            Message taken = next;
            next = null;
            return taken;
        }

        synchronized boolean hasNewer() {
            return next != null;
        }
    }

    public Deliveries(Policy policy, MeterRegistry meters) {
        this.policy = policy;
        this.meters = meters;
        this.calls = new Semaphore(policy.maxCalls(), true);
        meters.gauge("p2p_relay_reports_pending", slots, Map::size);
    }

    /** Delivers in the background. */
    public void submit(Object key, Message message) {
        boolean[] first = new boolean[1];
        Slot slot = slots.compute(key, (k, known) -> {
            if (known == null && slots.size() >= policy.maxKeys()) {
                return null;
            }
            first[0] = known == null;
            Slot there = known == null ? new Slot() : known;
            there.put(message);
            return there;
        });
        if (slot == null) {
            count(message, "dropped");
        } else if (first[0]) {
            try {
                executor.execute(() -> deliver(key, slot));
            } catch (RejectedExecutionException e) {
                slots.remove(key);
                count(message, "dropped");
            }
        }
    }

    private void deliver(Object key, Slot slot) {
        while (true) {
            Message message = slot.take();
            if (message == null) {
                // Only an empty slot may go; a message that came in between keeps it.
                Slot left = slots.compute(key, (k, known) -> slot.hasNewer() ? slot : null);
                if (left == null) {
                    return;
                }
            } else {
                attempt(message, slot);
            }
        }
    }

    private void attempt(Message message, Slot slot) {
        Backoff backoff = new Backoff(policy.firstRetry(), policy.maxRetry(), new Random());
        for (int attempt = 1; attempt <= policy.attempts(); attempt++) {
            try {
                call(message.send());
                count(message, "delivered");
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                count(message, "overtaken");
                return;
            } catch (Assignment.RetryLaterException e) {
                log.info("{} not told yet (attempt {}): {}", message.kind(), attempt, e.getMessage());
            } catch (RuntimeException e) {
                log.warn("{} refused: {}", message.kind(), e.getMessage());
                count(message, "refused");
                return;
            }
            if (!pause(backoff) || slot.hasNewer() || !message.wanted().getAsBoolean()) {
                count(message, "overtaken");
                return;
            }
        }
        log.error("{} given up after {} attempts", message.kind(), policy.attempts());
        count(message, "given_up");
    }

    private void call(Runnable send) throws InterruptedException {
        calls.acquire();
        try {
            send.run();
        } finally {
            calls.release();
        }
    }

    private static boolean pause(Backoff backoff) {
        try {
            Thread.sleep(backoff.nextMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void count(Message message, String outcome) {
        meters.counter("p2p_relay_reports_total", "kind", message.kind(), "outcome", outcome)
                .increment();
    }

    /** Messages under way. */
    public int pending() {
        return slots.size();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
