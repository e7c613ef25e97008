package io.p2phost.kit.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.context.SmartLifecycle;

/** All subscriptions of a service; started after everything else, stopped before it. */
public final class Subscriptions implements SmartLifecycle {
    private final List<GroupConsumer<?>> groups;
    private final Map<String, BroadcastConsumer<?>> broadcasts;
    private volatile boolean running;

    Subscriptions(List<GroupConsumer<?>> groups, Map<String, BroadcastConsumer<?>> broadcasts) {
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
        running = true;
        broadcasts.values().forEach(BroadcastConsumer::start);
        groups.forEach(GroupConsumer::start);
    }

    @Override
    public void stop() {
        running = false;
        // Side by side: each may wait for the fetch that it has under way.
        List<Thread> stops = new ArrayList<>();
        groups.forEach(consumer -> stops.add(Thread.ofVirtual().start(consumer::stop)));
        broadcasts.values().forEach(consumer -> stops.add(Thread.ofVirtual().start(consumer::stop)));
        for (Thread stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
