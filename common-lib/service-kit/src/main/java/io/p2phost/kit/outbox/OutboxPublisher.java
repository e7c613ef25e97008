package io.p2phost.kit.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves outbox rows to Kafka, in order per key. Any number of instances may run: a slot is worked on under a
 * transaction-scoped advisory lock. Rows are deleted by their exact ids after Kafka acknowledged them; a crash in
 * between publishes them again (at least once), which consumers drop by event id.
 */
final class OutboxPublisher implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(OutboxPublisher.class);
    private static final int BATCH = 500;
    private static final int ADVISORY_LOCK_CLASS = 0x0b0c5;
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
    private static final Duration SEND_DEADLINE = Duration.ofSeconds(15);
    private static final Duration CLEANUP_EVERY = Duration.ofMinutes(10);
    private static final Duration KEEP_CONSUMED = Duration.ofDays(7);

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final KafkaTemplate<byte[], byte[]> kafka;
    private final OutboxSignal signal;
    private final Clock clock;
    private final Counter published;
    private final Counter failures;
    private final AtomicLong depth = new AtomicLong();
    private final AtomicLong oldestAgeMillis = new AtomicLong();
    private Instant nextCleanup;
    private volatile boolean running;
    private @Nullable Thread thread;

    OutboxPublisher(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            KafkaTemplate<byte[], byte[]> kafka,
            OutboxSignal signal,
            Clock clock,
            MeterRegistry meters) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.kafka = kafka;
        this.signal = signal;
        this.clock = clock;
        this.nextCleanup = clock.instant();
        this.published = meters.counter("p2p_outbox_published_total");
        this.failures = meters.counter("p2p_outbox_failures_total");
        meters.gauge("p2p_outbox_depth_rows", depth);
        meters.gauge("p2p_outbox_oldest_age_milliseconds", oldestAgeMillis);
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("outbox-publisher").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        signal.wake();
        Thread started = thread;
        if (started != null) {
            try {
                started.join(SEND_DEADLINE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        Duration backoff = Duration.ofMillis(100);
        while (running) {
            try {
                int moved = drainOnce();
                cleanUpWhenDue();
                backoff = Duration.ofMillis(100);
                if (moved == 0) {
                    signal.await(IDLE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                failures.increment();
                log.warn("outbox: events wait ({}), next try in {} ms", e.toString(), backoff.toMillis());
                try {
                    signal.await(backoff);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return;
                }
                backoff = backoff.multipliedBy(2).compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : backoff.multipliedBy(2);
            }
        }
    }

    /** One pass over all slots that hold rows; returns how many rows were moved. */
    int drainOnce() {
        List<Integer> slots = jdbc.sql("select distinct slot from outbox")
                .query(Integer.class)
                .list();
        int moved = 0;
        for (int slot : slots) {
            Integer inSlot = transactions.execute(status -> drainSlot(slot));
            moved += inSlot == null ? 0 : inSlot;
        }
        measure();
        return moved;
    }

    private int drainSlot(int slot) {
        boolean locked = jdbc.sql("select pg_try_advisory_xact_lock(?, hashtext(current_schema()) # ?)")
                .params(ADVISORY_LOCK_CLASS, slot)
                .query(Boolean.class)
                .single();
        if (!locked) {
            return 0;
        }
        List<Row> rows = jdbc.sql("select id, topic, event_key, payload from outbox where slot = ? order by id limit ?")
                .params(slot, BATCH)
                .query((rs, n) -> new Row(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getString(4)))
                .list();
        List<CompletableFuture<?>> sends = new ArrayList<>(rows.size());
        for (Row row : rows) {
            sends.add(kafka.send(row.topic, Bytes.of(row.key), Bytes.of(row.payload)));
        }
        List<Long> done = new ArrayList<>(rows.size());
        RuntimeException failure = null;
        for (int i = 0; i < rows.size() && failure == null; i++) {
            failure = await(sends.get(i));
            if (failure == null) {
                done.add(rows.get(i).id);
            }
        }
        if (!done.isEmpty()) {
            // Only what was acknowledged before the first failure goes: whatever follows is sent again, in order.
            jdbc.sql("delete from outbox where id = any(?)")
                    .param(done.toArray(Long[]::new))
                    .update();
            published.increment(done.size());
        }
        if (failure != null && done.isEmpty()) {
            throw failure;
        }
        return done.size();
    }

    private static @Nullable RuntimeException await(CompletableFuture<?> send) {
        try {
            send.get(SEND_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            return new IllegalStateException("Kafka did not take an event: " + e.getMessage(), e);
        }
    }

    private void measure() {
        jdbc.sql("select count(*), min(created_at) from outbox").query(rs -> {
            depth.set(rs.getLong(1));
            java.sql.Timestamp oldest = rs.getTimestamp(2);
            oldestAgeMillis.set(oldest == null ? 0 : clock.millis() - oldest.getTime());
        });
    }

    private void cleanUpWhenDue() {
        Instant now = clock.instant();
        if (now.isBefore(nextCleanup)) {
            return;
        }
        nextCleanup = now.plus(CLEANUP_EVERY);
        jdbc.sql("delete from consumed_events where consumed_at < ?")
                .param(java.sql.Timestamp.from(now.minus(KEEP_CONSUMED)))
                .update();
    }

    private record Row(long id, String topic, String key, String payload) {}
}
