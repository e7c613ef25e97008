package io.p2phost.relay.command;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Answers of a service, each good for a second, so that a hundred players who ask are one question. After one that did not
 * come the service is left alone for five seconds. While one asks, others who want the same wait for him.
 */
public final class Remembered<K, V> {
    static final Duration GOOD = Duration.ofSeconds(1);
    static final Duration ALONE = Duration.ofSeconds(5);

    /** Answers kept; the oldest goes first. */
    static final int MOST = 256;

    private final Function<K, Optional<V>> asked;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, Answer<V>> answers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Answer<V>> eldest) {
            return size() > MOST;
        }
    };
    private boolean silent;
    private long silentSince;

    private record Answer<V>(Optional<V> value, long at) {}

    /**
     * Remembers what that function answers.
     *
     * @param asked blocks; empty when there is no answer
     */
    public Remembered(Function<K, Optional<V>> asked, LongSupplier nanoTime) {
        this.asked = asked;
        this.nanoTime = nanoTime;
    }

    public Optional<V> get(K key) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (silent && now - silentSince < ALONE.toNanos()) {
                return Optional.empty();
            }
            Answer<V> known = answers.remove(key);
            if (known == null || now - known.at >= GOOD.toNanos()) {
                Optional<V> value = asked.apply(key);
                silent = value.isEmpty();
                silentSince = nanoTime.getAsLong();
                known = new Answer<>(value, silentSince);
            }
            answers.put(key, known);
            return known.value;
        } finally {
            lock.unlock();
        }
    }

    /** Answers kept now. */
    int size() {
        lock.lock();
        try {
            return answers.size();
        } finally {
            lock.unlock();
        }
    }
}
