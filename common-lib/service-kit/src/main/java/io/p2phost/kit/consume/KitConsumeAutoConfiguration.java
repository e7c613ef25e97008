package io.p2phost.kit.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.outbox.KitOutboxAutoConfiguration;
import io.p2phost.kit.web.PartState;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Consumption of events, the topics themselves, and what the ping says of Kafka and the database. */
@AutoConfiguration(after = {KitOutboxAutoConfiguration.class, KafkaAutoConfiguration.class})
@ConditionalOnClass({JdbcClient.class, KafkaTemplate.class})
@ConditionalOnBean(JdbcClient.class)
public class KitConsumeAutoConfiguration {
    private static final int PARTITIONS = 3;

    @Bean
    Subscriptions subscriptions(
            List<EventSubscription<?>> wanted,
            ServiceName self,
            KafkaConnectionDetails kafka,
            KafkaTemplate<byte[], byte[]> eventTemplate,
            JsonMapper json,
            JdbcClient jdbc,
            TransactionTemplate transactions,
            Clock clock,
            MeterRegistry meters) {
        Map<String, Object> settings = consumerSettings(kafka);
        List<GroupConsumer<?>> groups = new ArrayList<>();
        Map<String, BroadcastConsumer<?>> broadcasts = new LinkedHashMap<>();
        for (EventSubscription<?> subscription : wanted) {
            switch (subscription.mode()) {
                case GROUP ->
                    groups.add(new GroupConsumer<>(
                            subscription, self.id(), settings, eventTemplate, json, jdbc, transactions, clock, meters));
                case BROADCAST ->
                    broadcasts.put(subscription.id(), new BroadcastConsumer<>(subscription, settings, json, meters));
            }
        }
        return new Subscriptions(
                new SuiteTopics(kafka.getAdmin().getBootstrapServers(), topics(wanted)), groups, broadcasts);
    }

    private static Map<String, Object> consumerSettings(KafkaConnectionDetails kafka) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getConsumer().getBootstrapServers());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // Data is handed over at once; this only lets an idle consumer ask less often. A consumer that closes waits for
        // its fetch, so it is also how long a service takes to stop.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1_000);
        settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return settings;
    }

    private static List<NewTopic> topics(List<EventSubscription<?>> wanted) {
        List<NewTopic> topics = new ArrayList<>();
        for (String name : Topics.ALL) {
            TopicBuilder builder = TopicBuilder.name(name).partitions(PARTITIONS);
            if (Topics.COMPACTED.contains(name)) {
                builder.config(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            }
            topics.add(builder.build());
        }
        wanted.stream()
                .filter(subscription -> subscription.mode() == EventSubscription.Mode.GROUP)
                .map(subscription -> Topics.deadLetter(subscription.topic()))
                .distinct()
                .forEach(
                        name -> topics.add(TopicBuilder.name(name).partitions(1).build()));
        return topics;
    }

    /** Topics are made by {@link SuiteTopics}, which does not hold up the start of a service while Kafka is away. */
    @Bean
    KafkaAdmin eventAdmin(KafkaConnectionDetails kafka) {
        KafkaAdmin admin = new KafkaAdmin(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getAdmin().getBootstrapServers()));
        admin.setAutoCreate(false);
        return admin;
    }

    @Bean
    PartState kafkaState(KafkaConnectionDetails kafka) {
        return new KafkaState(kafka.getAdmin().getBootstrapServers());
    }

    @Bean
    PartState databaseState(JdbcClient jdbc) {
        return new DatabaseState(jdbc);
    }
}
