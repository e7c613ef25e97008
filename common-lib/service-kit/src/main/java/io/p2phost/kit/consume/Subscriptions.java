package io.p2phost.kit.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * All subscriptions of a service; started after everything else, stopped before it. They begin once the broker has the
 * topics: a service starts without Kafka, and a consumer never waits for the next look at a topic that came late.
 */
public final class Subscriptions implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final SuiteTopics topics;
    private final List<GroupConsumer<?>> groups;
    private final Map<String, BroadcastConsumer<?>> broadcasts;
    private volatile @Nullable Thread starting;

    Subscriptions(SuiteTopics topics, List<GroupConsumer<?>> groups, Map<String, BroadcastConsumer<?>> broadcasts) {
        this.topics = topics;
        this.groups = groups;
        this.broadcasts = broadcasts;
    }

    /** Whether a broadcast subscription has read everything there was when it started. */
    public boolean caughtUp(String id) {
        BroadcastConsumer<?> consumer = broadcasts.get(id);
        if (consumer == null) {
            throw new IllegalArgumentException(
                    "subscription: " + id + " (expected: one of " + broadcasts.keySet() + ")");
        }
        return consumer.caughtUp();
    }

    @Override
    public void start() {
        starting = Thread.ofPlatform().daemon().name("events-start").start(this::begin);
    }

    private void begin() {
        try {
            boolean said = false;
            while (true) {
                try {
                    topics.create();
                    break;
                } catch (KafkaException e) {
                    if (!said) {
                        log.warn("no events yet: Kafka is asked for the topics until it has them ({})", e.toString());
                        said = true;
                    }
                    Thread.sleep(RETRY);
                }
            }
            if (said) {
                log.info("Kafka has the topics: events begin");
            }
            broadcasts.values().forEach(BroadcastConsumer::start);
            groups.forEach(GroupConsumer::start);
        } catch (InterruptedException | InterruptException e) {
            log.debug("stopped before the events began");
        }
    }

    @Override
    public void stop() {
        Thread begun = starting;
        if (begun == null) {
            return;
        }
        starting = null;
        begun.interrupt();
        join(begun);
        // Side by side: each may wait for the fetch that it has under way.
        List<Thread> stops = new ArrayList<>();
        groups.forEach(consumer -> stops.add(Thread.ofVirtual().start(consumer::stop)));
        broadcasts.values().forEach(consumer -> stops.add(Thread.ofVirtual().start(consumer::stop)));
        stops.forEach(Subscriptions::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return starting != null;
    }
}
