package io.p2phost.links.mux;

import io.netty.channel.Channel;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Accepted connections that have not proven by TLS whose they are. There are only so many places. When they run out, who has
 * had more than enough time makes room, else the newcomer goes: so a crowd of hosts that comes at once gets in one after the
 * other, and those who never finish keep places for a moment only. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing cannot fail in a way that matters
final class Entering {
    /** Ten times what a handshake takes over a long line. */
    static final Duration ENOUGH = Duration.ofSeconds(1);

    private final int most;
    private final LongSupplier nanoTime;
    private final LinkMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    /** Since when, the longest waiting first. */
    private final Map<Channel, Long> waiting = new LinkedHashMap<>();

    Entering(int most, LongSupplier nanoTime, LinkMetrics metrics) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    /** Somebody new, on his own loop; false when there is no place for him. */
    boolean add(Channel channel) {
        Channel gone = null;
        lock.lock();
        try {
            if (waiting.size() >= most) {
                Iterator<Map.Entry<Channel, Long>> all = waiting.entrySet().iterator();
                Map.Entry<Channel, Long> longest = all.next();
                if (nanoTime.getAsLong() - longest.getValue() < ENOUGH.toNanos()) {
                    metrics.dropped(DropReason.ENTERING_LIMIT);
                    return false;
                }
                gone = longest.getKey();
                all.remove();
            }
            waiting.put(channel, nanoTime.getAsLong());
        } finally {
            lock.unlock();
        }
        channel.closeFuture().addListener(closed -> remove(channel));
        if (gone != null) {
            metrics.dropped(DropReason.MADE_ROOM);
            gone.close();
        }
        return true;
    }

    /** It is known whose he is, or he is gone. */
    void remove(Channel channel) {
        lock.lock();
        try {
            waiting.remove(channel);
        } finally {
            lock.unlock();
        }
    }
}
