package io.p2phost.kit.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.trace.Trace;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.kafka.support.ExponentialBackOffWithMaxRetries;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A subscription shared by the service's instances: once per event id, retried with back-off, then dead-lettered. */
final class GroupConsumer<T> {
    /** 0.2 + 0.4 + … + 5 s: about a quarter of a minute before a record is set aside. */
    private static final int MAX_RETRIES = 7;

    private static final long FIRST_BACKOFF_MILLIS = 200;
    private static final long MAX_BACKOFF_MILLIS = 5_000;

    private final EventSubscription<T> subscription;
    private final EventReader<T> reader;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Clock clock;
    private final Counter handled;
    private final Counter repeated;
    private final KafkaMessageListenerContainer<byte[], byte[]> container;

    GroupConsumer(
            EventSubscription<T> subscription,
            String group,
            Map<String, Object> consumerSettings,
            KafkaTemplate<byte[], byte[]> template,
            JsonMapper json,
            JdbcClient jdbc,
            TransactionTemplate transactions,
            Clock clock,
            MeterRegistry meters) {
        this.subscription = subscription;
        this.reader = new EventReader<>(json, subscription.type());
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
        this.handled = meters.counter("p2p_events_handled_total", "subscription", subscription.id());
        this.repeated = meters.counter("p2p_events_repeated_total", "subscription", subscription.id());
        Counter dead = meters.counter("p2p_events_dead_lettered_total", "subscription", subscription.id());

        ContainerProperties properties = new ContainerProperties(subscription.topic());
        properties.setGroupId(group + "." + subscription.id());
        // What was done is written with it; an offset is only where to read on, so one a batch will do.
        properties.setAckMode(ContainerProperties.AckMode.BATCH);
        properties.setMissingTopicsFatal(false);
        properties.setMessageListener((MessageListener<byte[], byte[]>) this::onRecord);
        container = new KafkaMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(withOffsetReset(consumerSettings)), properties);
        ExponentialBackOffWithMaxRetries backOff = new ExponentialBackOffWithMaxRetries(MAX_RETRIES);
        backOff.setInitialInterval(FIRST_BACKOFF_MILLIS);
        backOff.setMaxInterval(MAX_BACKOFF_MILLIS);
        DeadLetterPublishingRecoverer recoverer = new DeadLetterPublishingRecoverer(
                template, (record, failure) -> new TopicPartition(Topics.deadLetter(record.topic()), -1));
        DefaultErrorHandler errors = new DefaultErrorHandler(
                (record, failure) -> {
                    dead.increment();
                    recoverer.accept(record, failure);
                },
                backOff);
        errors.addNotRetryableExceptions(JacksonException.class, IllegalArgumentException.class);
        // While the database is away nothing can be decided: wait for it rather than set good records aside.
        errors.setBackOffFunction((record, failure) -> Waits.forDatabase(failure));
        container.setCommonErrorHandler(errors);
        container.setBeanName("events-" + subscription.id());
    }

    private static Map<String, Object> withOffsetReset(Map<String, Object> settings) {
        Map<String, Object> all = new java.util.HashMap<>(settings);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return all;
    }

    private void onRecord(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        EventEnvelope<T> event = reader.read(record.value());
        if (!subscription.matters().test(event.data())) {
            return;
        }
        try (Trace.Scope trace = Trace.open(event.traceparent())) {
            Boolean fresh = transactions.execute(status -> {
                if (!firstTime(event.eventId())) {
                    return false;
                }
                subscription.handler().handle(event);
                return true;
            });
            (Boolean.TRUE.equals(fresh) ? handled : repeated).increment();
        }
    }

    private boolean firstTime(String eventId) {
        return jdbc.sql("insert into consumed_events (subscription, event_id, consumed_at) values (?, ?, ?)"
                                + " on conflict do nothing")
                        .params(subscription.id(), eventId, Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    void start() {
        container.start();
    }

    void stop() {
        container.stop();
    }
}
