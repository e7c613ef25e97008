package io.p2phost.relay.player;

import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The relay's players by account, and db-proxy's orders about them. Thread-safe. */
public final class Players {
    /** How long a player who went is remembered: an order about him may have been on its way. */
    static final Duration REMEMBERED = Duration.ofSeconds(10);

    /** Players remembered after they went; the longest gone is forgotten first. */
    static final int MOST_REMEMBERED = 100_000;

    final Dropped dropped = new Dropped();
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Held> held = new HashMap<>();
    private final Map<Integer, Long> ended = new HashMap<>();
    private final Deque<Ended> order = new ArrayDeque<>();
    /** Who was told to connect again. */
    private final Map<Integer, Moving> moving = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Moving> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Held(PlayerSession session, Loop loop) {}

    private record Ended(int account, long at) {}

    private record Moving(long since, long at) {}

    public Players(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** db-proxy let him in on this connection: one before it is over. */
    void entered(PlayerSession session, Loop loop) {
        Held before;
        lock.lock();
        try {
            before = held.put(session.account(), new Held(session, loop));
        } finally {
            lock.unlock();
        }
        if (before != null && before.session != session) {
            before.loop.execute(() -> before.session.unlessPaused(before.session::replaced));
        }
    }

    /** His connection ended: whether it was the one by which he is known. */
    boolean left(PlayerSession session) {
        int account = session.account();
        lock.lock();
        try {
            Held known = held.get(account);
            if (known == null || known.session != session) {
                return false;
            }
            held.remove(account);
            remember(account);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether he was let in on some connection that has not ended. */
    boolean has(int account) {
        lock.lock();
        try {
            return held.containsKey(account);
        } finally {
            lock.unlock();
        }
    }

    /** He was told to connect again; without a map-server since then. */
    void moving(int account, long since) {
        lock.lock();
        try {
            moving.remove(account);
            moving.put(account, new Moving(since, nanoTime.getAsLong()));
        } finally {
            lock.unlock();
        }
    }

    /** He is in game on this connection: since when he had no map-server, if he was told to connect again lately. */
    OptionalLong back(int account) {
        long now = nanoTime.getAsLong();
        lock.lock();
        try {
            Moving told = moving.remove(account);
            return told == null || isOver(told.at, now) ? OptionalLong.empty() : OptionalLong.of(told.since);
        } finally {
            lock.unlock();
        }
    }

    private void remember(int account) {
        long now = nanoTime.getAsLong();
        ended.put(account, now);
        order.add(new Ended(account, now));
        for (Ended oldest = order.peek();
                oldest != null && (isOver(oldest.at, now) || order.size() > MOST_REMEMBERED);
                oldest = order.peek()) {
            order.remove();
            ended.remove(oldest.account, oldest.at);
        }
    }

    private static boolean isOver(long at, long now) {
        return now - at >= REMEMBERED.toNanos();
    }

    /** Players who were let in and have not gone. */
    public int size() {
        lock.lock();
        try {
            return held.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many play here on each map that a host serves. */
    public Map<MapName, Integer> onHosts() {
        List<Held> all;
        lock.lock();
        try {
            all = List.copyOf(held.values());
        } finally {
            lock.unlock();
        }
        Map<MapName, Integer> counts = new HashMap<>();
        for (Held each : all) {
            Destination by = each.session.servedBy();
            if (by != null && by.owner().isHost()) {
                counts.merge(by.map(), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Accounts of the players who were let in and have not gone. */
    public List<Integer> accounts() {
        lock.lock();
        try {
            return List.copyOf(held.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** The player as he is, asked on his loop; empty when he is not here. */
    public CompletableFuture<Optional<PlayerView>> about(int account) {
        AtomicReference<PlayerView> view = new AtomicReference<>();
        return tell(account, session -> view.set(session.view())).thenApply(here -> Optional.ofNullable(view.get()));
    }

    /** db-proxy was not heard for too long: whoever is on a host waits. */
    public void unconfirmed() {
        List<Held> all;
        lock.lock();
        try {
            all = List.copyOf(held.values());
        } finally {
            lock.unlock();
        }
        all.forEach(each -> each.loop.execute(() -> each.session.unlessPaused(each.session::unconfirmed)));
    }

    // ---- orders; each completes with whether the player is or lately was here ----

    /** Move this player. */
    public CompletableFuture<Boolean> rehome(int account, Destination to) {
        return tell(account, session -> session.rehome(to));
    }

    /** Move this player, who goes on through another relay. */
    public CompletableFuture<Boolean> carry(int account, Destination to, OtherFront front) {
        return tell(account, session -> session.carry(to, front));
    }

    /** End his connection to the map-server and keep his own. */
    public CompletableFuture<Boolean> release(int account, long number) {
        return tell(account, session -> session.release(number));
    }

    /** Close his connection. */
    public CompletableFuture<Boolean> kick(int account, long number) {
        return tell(account, session -> session.kick(number));
    }

    private CompletableFuture<Boolean> tell(int account, Consumer<PlayerSession> what) {
        @Nullable Held known;
        boolean remembered;
        lock.lock();
        try {
            known = held.get(account);
            Long at = ended.get(account);
            remembered = at != null && !isOver(at, nanoTime.getAsLong());
        } finally {
            lock.unlock();
        }
        if (known == null) {
            return CompletableFuture.completedFuture(remembered);
        }
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        PlayerSession session = known.session;
        known.loop.execute(() -> {
            session.unlessPaused(() -> {
                if (session.isElsewhere()) {
                    done.completeExceptionally(new IllegalStateException("the player is another process's now"));
                    return;
                }
                try {
                    what.accept(session);
                } finally {
                    done.complete(true);
                }
            });
        });
        return done;
    }
}
