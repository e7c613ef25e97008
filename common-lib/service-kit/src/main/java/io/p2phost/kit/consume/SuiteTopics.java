package io.p2phost.kit.consume;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics that a service needs. Whichever service is first creates them; the others find them there. */
final class SuiteTopics {
    private static final int DEADLINE_MILLIS = 10_000;

    private final List<String> bootstrapServers;
    private final List<NewTopic> topics;

    SuiteTopics(List<String> bootstrapServers, List<NewTopic> topics) {
        this.bootstrapServers = bootstrapServers;
        this.topics = topics;
    }

    /**
     * Creates those that are missing.
     *
     * @throws KafkaException when the broker does not have all of them afterwards
     */
    void create() throws InterruptedException {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                DEADLINE_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                DEADLINE_MILLIS,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000);
        Admin admin = Admin.create(settings);
        try {
            for (KafkaFuture<Void> answer : admin.createTopics(topics).values().values()) {
                await(answer);
            }
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private static void await(KafkaFuture<Void> answer) throws InterruptedException {
        try {
            answer.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("topics: " + e.getCause(), e);
            }
        } catch (TimeoutException e) {
            throw new KafkaException("topics: no answer in " + DEADLINE_MILLIS + " ms", e);
        }
    }
}
