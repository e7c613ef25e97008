package io.p2phost.registry.host.kafka;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostHeartbeat;
import io.p2phost.contracts.event.Topics;
import io.p2phost.registry.host.LeaseTracker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * Hears the heartbeats that other instances accepted, from now on and without a consumer group: each instance judges
 * all leases. While Kafka does not answer or this reader is behind, what it knows is incomplete and nothing may lapse.
 */
@Component
class HeartbeatFeed implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(HeartbeatFeed.class);
    private static final TypeReference<EventEnvelope<HostHeartbeat>> HEARTBEAT = new TypeReference<>() {};
    /** Between two questions whether everything was heard; a third of the least lease. */
    private static final Duration PROBE = Duration.ofSeconds(2);

    /** A broker answers one request of a connection after the other: a question waits for the fetch before it. */
    private static final Duration FETCH_WAIT = Duration.ofSeconds(1);

    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(3);
    /** Heartbeats that may wait between two polls without harm: they are heard within one round. */
    private static final long MAX_BEHIND = 1_000;

    private static final Duration RETRY = Duration.ofMillis(500);

    private final KafkaConnectionDetails kafka;
    private final LeaseTracker tracker;
    private final InstantSource clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean running;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private @Nullable Thread thread;

    HeartbeatFeed(KafkaConnectionDetails kafka, LeaseTracker tracker, InstantSource clock) {
        this.kafka = kafka;
        this.tracker = tracker;
        this.clock = clock;
    }

    @Override
    public void start() {
        tracker.suspend();
        running = true;
        thread = Thread.ofPlatform().daemon().name("heartbeat-feed").start(this::run);
    }

    private void run() {
        try {
            while (running) {
                KafkaConsumer<byte[], byte[]> opened = new KafkaConsumer<>(settings());
                try {
                    consumer = opened;
                    follow(opened);
                } catch (WakeupException | InterruptException e) {
                    log.debug("heartbeat feed: stopping");
                } catch (KafkaException e) {
                    interrupted(e);
                    pause();
                } finally {
                    // Nothing to commit or to leave: waiting for the fetch in flight would only delay the stop.
                    opened.close(CloseOptions.timeout(Duration.ZERO));
                }
            }
        } finally {
            stopped.countDown();
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> opened) {
        List<TopicPartition> partitions = opened.partitionsFor(Topics.HOST_HEARTBEATS, PROBE_DEADLINE).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        if (partitions.isEmpty()) {
            pause();
            return;
        }
        opened.assign(partitions);
        opened.seekToEnd(partitions);
        partitions.forEach(p -> opened.position(p, PROBE_DEADLINE));
        while (running) {
            for (ConsumerRecord<byte[], byte[]> record : opened.poll(PROBE)) {
                hear(record.value());
            }
            probe(opened, partitions);
        }
    }

    /** Asks the broker how far the topic goes: it answers, and everything up to the previous answer was heard. */
    private void probe(KafkaConsumer<byte[], byte[]> opened, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = opened.endOffsets(partitions, PROBE_DEADLINE);
        boolean behind = partitions.stream()
                .anyMatch(p -> opened.position(p, PROBE_DEADLINE) + MAX_BEHIND < ends.getOrDefault(p, 0L));
        if (behind) {
            if (!tracker.isSuspended()) {
                log.warn("heartbeat feed: behind; leases are not judged until it has caught up");
            }
            tracker.suspend();
        } else if (tracker.isSuspended()) {
            log.info("heartbeat feed: everything is heard; each lease runs its full length from now");
            tracker.resume();
        }
    }

    private void hear(byte @Nullable [] value) {
        if (value == null) {
            return;
        }
        try {
            HostHeartbeat heartbeat = Json.mapper().readValue(value, HEARTBEAT).data();
            Instant now = clock.instant();
            Duration age = Duration.between(heartbeat.receivedAt(), now);
            tracker.renew(heartbeat.hostId(), age.isNegative() ? Duration.ZERO : age);
        } catch (JacksonException e) {
            log.warn("heartbeat feed: a record was passed over ({})", e.getMessage());
        }
    }

    private void interrupted(KafkaException e) {
        if (!tracker.isSuspended()) {
            log.warn("heartbeat feed: interrupted; leases are not judged until it is back ({})", e.toString());
        }
        tracker.suspend();
    }

    private Map<String, Object> settings() {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.getConsumer().getBootstrapServers(),
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest",
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                (int) FETCH_WAIT.toMillis(),
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false);
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        try {
            if (!stopped.await(5, TimeUnit.SECONDS)) {
                log.warn("heartbeat feed: did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
