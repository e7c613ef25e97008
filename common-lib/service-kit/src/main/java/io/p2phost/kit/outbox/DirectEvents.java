package io.p2phost.kit.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.event.EventEnvelope;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Telemetry straight to Kafka: never blocks the caller, holds at most {@value #CAPACITY} events while Kafka is away
 * and drops further ones, counted.
 */
public final class DirectEvents implements SmartLifecycle {
    static final int CAPACITY = 4_096;

    private static final Logger log = LoggerFactory.getLogger(DirectEvents.class);

    private final KafkaTemplate<byte[], byte[]> kafka;
    private final JsonMapper json;
    private final Counter dropped;
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(CAPACITY);
    private volatile boolean running;
    private @Nullable Thread thread;

    DirectEvents(KafkaTemplate<byte[], byte[]> kafka, JsonMapper json, MeterRegistry meters) {
        this.kafka = kafka;
        this.json = json;
        this.dropped = meters.counter("p2p_direct_events_dropped_total");
        meters.gauge("p2p_direct_events_queued", queue, BlockingQueue::size);
    }

    /** Sends when it can be sent; the event may be lost. */
    public void send(String topic, EventEnvelope<?> event) {
        if (!queue.offer(new Pending(topic, event))) {
            dropped.increment();
        }
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("direct-events").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        Thread started = thread;
        if (started != null) {
            started.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        while (running) {
            try {
                Pending next = queue.poll(10, TimeUnit.SECONDS);
                if (next != null) {
                    kafka.send(next.topic, Bytes.of(next.event.aggregateId()), json.writeValueAsBytes(next.event))
                            .whenComplete((result, failure) -> {
                                if (failure != null) {
                                    dropped.increment();
                                }
                            });
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                dropped.increment();
                log.debug("telemetry dropped", e);
            }
        }
    }

    private record Pending(String topic, EventEnvelope<?> event) {}
}
