package io.p2phost.kit.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.kit.trace.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a whole topic into memory at each start and follows it. It assigns itself all partitions: no consumer group,
 * no offsets, nothing left behind on the broker.
 */
final class BroadcastConsumer<T> {
    private static final Logger log = LoggerFactory.getLogger(BroadcastConsumer.class);
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final EventSubscription<T> subscription;
    private final EventReader<T> reader;
    private final Map<String, Object> settings;
    private final Counter handled;
    private final Counter poison;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean caughtUp;
    private volatile boolean running;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

    BroadcastConsumer(
            EventSubscription<T> subscription, Map<String, Object> settings, JsonMapper json, MeterRegistry meters) {
        this.subscription = subscription;
        this.reader = new EventReader<>(json, subscription.type());
        this.settings = settings;
        this.handled = meters.counter("p2p_events_handled_total", "subscription", subscription.id());
        this.poison = meters.counter("p2p_events_poison_total", "subscription", subscription.id());
    }

    boolean caughtUp() {
        return caughtUp;
    }

    void start() {
        running = true;
        Thread.ofPlatform().daemon().name("events-" + subscription.id()).start(this::run);
    }

    void stop() {
        if (!running) {
            return;
        }
        running = false;
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        try {
            if (!stopped.await(5, java.util.concurrent.TimeUnit.SECONDS)) {
                log.warn("{}: reader did not stop in time", subscription.id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (running) {
                try (KafkaConsumer<byte[], byte[]> opened = new KafkaConsumer<>(settings)) {
                    consumer = opened;
                    follow(opened);
                } catch (WakeupException e) {
                    log.debug("{}: stopping", subscription.id());
                } catch (KafkaException e) {
                    log.warn("{}: reads again from the beginning ({})", subscription.id(), e.toString());
                    pause();
                }
            }
        } finally {
            stopped.countDown();
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> opened) {
        List<TopicPartition> partitions = partitions(opened);
        opened.assign(partitions);
        opened.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = opened.endOffsets(partitions);
        while (running) {
            for (ConsumerRecord<byte[], byte[]> record : opened.poll(caughtUp ? POLL : Duration.ofMillis(200))) {
                handle(record);
            }
            if (!caughtUp) {
                caughtUp = partitions.stream().allMatch(p -> opened.position(p) >= ends.getOrDefault(p, 0L));
            }
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> opened) {
        while (running) {
            List<TopicPartition> found = new ArrayList<>();
            for (PartitionInfo info : opened.partitionsFor(subscription.topic())) {
                found.add(new TopicPartition(info.topic(), info.partition()));
            }
            if (!found.isEmpty()) {
                return found;
            }
            pause();
        }
        throw new WakeupException();
    }

    private void handle(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            EventEnvelope<T> event = reader.read(record.value());
            try (Trace.Scope trace = Trace.open(event.traceparent())) {
                subscription.handler().handle(event);
            }
            handled.increment();
        } catch (RuntimeException e) {
            // An index cannot wait for one bad record: it is counted, said, and passed over.
            poison.increment();
            log.error("{}: record {}-{} passed over", subscription.id(), record.partition(), record.offset(), e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
