package io.p2phost.registry;

import io.p2phost.testkit.TestInfra;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a topic holds under one key, from the beginning, as it was written. */
final class Published implements AutoCloseable {
    private final String key;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<String> found = new ArrayList<>();

    Published(String topic, String key) {
        this.key = key;
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestInfra.shared().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    List<String> read() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            if (key.equals(new String(record.key(), StandardCharsets.UTF_8))) {
                found.add(new String(record.value(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
