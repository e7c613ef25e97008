package io.p2phost.dbproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.event.Topics;
import io.p2phost.testkit.EventContracts;
import io.p2phost.testkit.TestInfra;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/** What the audit was told. */
public final class AuditTopic {
    private AuditTopic() {}

    /** Waits until it was told of that action on that subject so often, in events that keep their contract. */
    public static void await(String action, String subject, int times) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers",
                TestInfra.shared().bootstrapServers(),
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class,
                "group.id",
                action,
                "auto.offset.reset",
                "earliest"))) {
            consumer.subscribe(List.of(Topics.AUDIT));
            List<String> found = new ArrayList<>();
            Awaitility.await().until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> found.add(record.value()));
                found.removeIf(event -> !event.contains(action) || !event.contains("\"" + subject + "\""));
                return found.size() == times;
            });
            assertThat(found)
                    .allSatisfy(event -> assertThat(EventContracts.faults(Topics.AUDIT, event))
                            .isEmpty());
        }
    }
}
