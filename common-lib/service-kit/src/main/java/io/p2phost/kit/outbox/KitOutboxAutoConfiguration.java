package io.p2phost.kit.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Publishing of events, in services that have a database. */
@AutoConfiguration(
        after = {JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class},
        before = KafkaAutoConfiguration.class)
@ConditionalOnClass({JdbcClient.class, KafkaTemplate.class})
@ConditionalOnBean({JdbcClient.class, TransactionTemplate.class})
public class KitOutboxAutoConfiguration {
    @Bean
    KafkaTemplate<byte[], byte[]> eventTemplate(KafkaConnectionDetails kafka) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getProducer().getBootstrapServers());
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * 1_024 * 1_024);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
        return new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(settings));
    }

    @Bean
    Envelopes envelopes(Clock clock) {
        return new Envelopes(clock);
    }

    @Bean
    OutboxSignal outboxSignal() {
        return new OutboxSignal();
    }

    @Bean
    Outbox outbox(JdbcClient jdbc, JsonMapper json, Clock clock, OutboxSignal signal) {
        return new Outbox(jdbc, json, clock, signal);
    }

    @Bean
    OutboxPublisher outboxPublisher(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            KafkaTemplate<byte[], byte[]> eventTemplate,
            OutboxSignal signal,
            Clock clock,
            MeterRegistry meters) {
        return new OutboxPublisher(jdbc, transactions, eventTemplate, signal, clock, meters);
    }

    @Bean
    DirectEvents directEvents(KafkaTemplate<byte[], byte[]> eventTemplate, JsonMapper json, MeterRegistry meters) {
        return new DirectEvents(eventTemplate, json, meters);
    }

    @Bean
    ObservationEvents observationEvents(DirectEvents events, Envelopes envelopes) {
        return new ObservationEvents(events, envelopes);
    }

    @Bean
    Audit audit(Outbox outbox, Envelopes envelopes, TransactionTemplate transactions) {
        return new Audit(outbox, envelopes, transactions);
    }
}
