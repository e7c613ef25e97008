package io.p2phost.registry;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.testkit.TestInfra;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.core.type.TypeReference;

/** What Kafka holds of one host's states, from the beginning. */
final class HostStates implements AutoCloseable {
    private static final TypeReference<EventEnvelope<HostStateChanged>> EVENT = new TypeReference<>() {};

    private final HostId host;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<EventEnvelope<HostStateChanged>> found = new ArrayList<>();

    HostStates(HostId host) {
        this.host = host;
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestInfra.shared().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.HOST_STATE).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    List<EventEnvelope<HostStateChanged>> read() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            EventEnvelope<HostStateChanged> event = Json.mapper().readValue(record.value(), EVENT);
            if (event.data().hostId().equals(host)) {
                found.add(event);
            }
        }
        return found;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
