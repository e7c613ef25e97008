package io.p2phost.kit.consume;

import io.p2phost.kit.web.PartState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Asks the broker whether it answers; the connection is kept. */
final class KafkaState implements PartState, AutoCloseable {
    private static final int DEADLINE_MILLIS = 1_000;

    private final List<String> bootstrapServers;
    private @org.jspecify.annotations.Nullable Admin admin;

    KafkaState(List<String> bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    @Override
    public synchronized Map<String, String> states() {
        try {
            if (admin == null) {
                admin = Admin.create(Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        DEADLINE_MILLIS,
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        DEADLINE_MILLIS,
                        AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        1_000));
            }
            admin.describeCluster().clusterId().get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
            return Map.of("kafka", "UP");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of("kafka", "does not answer");
        } catch (ExecutionException | TimeoutException | org.apache.kafka.common.KafkaException e) {
            return Map.of("kafka", "does not answer");
        }
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(java.time.Duration.ofSeconds(1));
        }
    }
}
