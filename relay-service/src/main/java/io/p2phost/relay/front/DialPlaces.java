package io.p2phost.relay.front;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Places for connecting to one map-server at once. A stock one listens with a backlog of 5, and whoever is one too many
 * waits a second for the kernel's next try: so the relay queues before it. Thread-safe.
 */
final class DialPlaces {
    /** One less than the backlog: core's own scripts and other relays connect too. */
    static final int AT_ONCE = 4;

    /** Who waits for one map-server; further ones are refused. */
    static final int MOST_WAITING = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Server> servers = new HashMap<>();

    private static final class Server {
        private int taken;
        private final Deque<Runnable> waiting = new ArrayDeque<>();
    }

    /**
     * Runs {@code go} when there is a place, now or later, on whatever thread gave the place back.
     *
     * @return false when too many wait already
     */
    boolean take(Object server, Runnable go) {
        lock.lock();
        try {
            Server known = servers.computeIfAbsent(server, any -> new Server());
            if (known.taken >= AT_ONCE) {
                return known.waiting.size() < MOST_WAITING && known.waiting.add(go);
            }
            known.taken++;
        } finally {
            lock.unlock();
        }
        go.run();
        return true;
    }

    /** Gives one place back, once for each that was taken. */
    void giveBack(Object server) {
        Runnable next;
        lock.lock();
        try {
            Server known = servers.get(server);
            if (known == null) {
                return;
            }
            next = known.waiting.poll();
            if (next == null && --known.taken == 0) {
                servers.remove(server);
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.run();
        }
    }

    /** Who waits now. */
    int waiting() {
        lock.lock();
        try {
            return servers.values().stream()
                    .mapToInt(server -> server.waiting.size())
                    .sum();
        } finally {
            lock.unlock();
        }
    }
}
