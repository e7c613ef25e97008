package io.p2phost.kit.outbox;

import io.p2phost.contracts.event.EventEnvelope;
import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Appends events to the service's own outbox table within the current transaction, so that a state change and its
 * event commit together or not at all. Order per key is the order of commits only if writers of one aggregate are
 * serialised: lock its row before appending.
 */
public final class Outbox {
    /** Keys are spread over this many slots; several publishers each work on whole slots. */
    static final int SLOTS = 16;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;
    private final OutboxSignal signal;

    Outbox(JdbcClient jdbc, JsonMapper json, Clock clock, OutboxSignal signal) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.signal = signal;
    }

    /**
     * Appends an event; its aggregate id is the Kafka key.
     *
     * @throws IllegalStateException without a transaction
     */
    public void append(String topic, EventEnvelope<?> event) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("outbox: " + event.type() + " appended without a transaction");
        }
        jdbc.sql("insert into outbox (slot, topic, event_key, payload, created_at) values (?, ?, ?, ?, ?)")
                .params(
                        Math.floorMod(event.aggregateId().hashCode(), SLOTS),
                        topic,
                        event.aggregateId(),
                        json.writeValueAsString(event),
                        Timestamp.from(clock.instant()))
                .update();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                signal.wake();
            }
        });
    }
}
