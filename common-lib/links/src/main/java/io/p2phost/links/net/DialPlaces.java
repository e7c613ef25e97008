package io.p2phost.links.net;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Places for connecting to one map-server at once. A stock one listens with a backlog of 5, and whoever is one too many
 * waits a second for the kernel's next try: so whoever dials it queues before it. A place is had from the dialling to the
 * map-server's first word. Thread-safe.
 */
public final class DialPlaces {
    /** One less than the backlog: core's own scripts and other relays connect too. */
    public static final int AT_ONCE = 4;

    /** Who waits for one map-server; further ones are refused. */
    static final int MOST_WAITING = 10_000;

    /** A map-server that says nothing holds up those who wait for it no longer than this. */
    private static final Duration FIRST_WORD = Duration.ofMillis(500);

    private final int mostWaiting;
    private final Duration firstWord;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Server> servers = new HashMap<>();

    private static final class Server {
        private int taken;
        private final Deque<Runnable> waiting = new ArrayDeque<>();
    }

    public DialPlaces() {
        this(MOST_WAITING, FIRST_WORD);
    }

    /**
     * Makes places.
     *
     * @param mostWaiting who may wait for one map-server
     * @param firstWord how long a place may be had after the connection was made
     */
    public DialPlaces(int mostWaiting, Duration firstWord) {
        this.mostWaiting = mostWaiting;
        this.firstWord = firstWord;
    }

    /** How long whoever was connected may wait for the map-server's first word before he gives his place back. */
    public Duration firstWord() {
        return firstWord;
    }

    /**
     * Runs {@code go} when there is a place, now or later, on whatever thread gave the place back.
     *
     * @return false when too many wait already
     */
    public boolean take(Object server, Runnable go) {
        lock.lock();
        try {
            Server known = servers.computeIfAbsent(server, any -> new Server());
            if (known.taken >= AT_ONCE) {
                return known.waiting.size() < mostWaiting && known.waiting.add(go);
            }
            known.taken++;
        } finally {
            lock.unlock();
        }
        go.run();
        return true;
    }

    /** Gives one place back, once for each that was taken. */
    public void giveBack(Object server) {
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
    public int waiting() {
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
