package io.p2phost.dbproxy.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.dbproxy.mux.Outside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders about players on their way to relays. A relay is told one thing at a time; what comes meanwhile goes together
 * with the next, so that all players of a lost map cost two calls. A newer order of a kind takes the place of an older one
 * about the same player. A rehome that fails is dropped: the multiplexer repeats it every second. A release or a kick is
 * said once, so it is kept until the relay answers or it is too old to matter.
 */
public final class RelayOrders implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RelayOrders.class);

    private final Post post;
    private final Policy policy;
    private final LongSupplier nanoTime;
    private final Counter done;
    private final Counter failed;
    private final Counter tooMany;
    private final Counter givenUp;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Map<Key, Waiting>> desks = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private int waiting;

    /** Tells a relay. */
    @FunctionalInterface
    public interface Post {
        /**
         * Returns when the relay has answered.
         *
         * @return the accounts that the relay does not have and has not had lately
         * @throws NotToldException when it did not answer, or refused
         */
        Set<Integer> tell(String relay, List<Order> orders);
    }

    /** The relay was not told. */
    public static final class NotToldException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NotToldException(String why) {
            super(why);
        }
    }

    /** What a relay is to do with a player. */
    public sealed interface Order {
        int account();

        /** The number of his session that the order is about. */
        long number();

        /**
         * Move him.
         *
         * @param unknown run when the relay has no such player
         * @param untold run when the relay did not hear it
         */
        record Rehome(Outside.Rehome what, Whither to, Runnable unknown, Runnable untold) implements Order {
            @Override
            public int account() {
                return what.account();
            }

            @Override
            public long number() {
                return what.number();
            }
        }

        /** End his connection to his map-server. */
        record Release(int account, long number) implements Order {}

        /** Close his connection. */
        record Kick(int account, long number) implements Order {}
    }

    /**
     * How orders are given.
     *
     * @param most orders that wait, for all relays; what is one too many is dropped and counted
     * @param together most orders of one call
     * @param kept how long a release or a kick is repeated
     * @param pause between two tries of it
     */
    public record Policy(int most, int together, Duration kept, Duration pause) {
        /** All players of a big server at once; kept for as long as a relay takes to start anew. */
        public static Policy defaults() {
            return new Policy(4_096, 256, Duration.ofSeconds(30), Duration.ofMillis(500));
        }
    }

    private record Key(Class<?> kind, int account) {
        static Key of(Order order) {
            return new Key(order.getClass(), order.account());
        }
    }

    private record Waiting(Order order, long since) {}

    public RelayOrders(Post post, Policy policy, LongSupplier nanoTime, MeterRegistry meters) {
        this.post = post;
        this.policy = policy;
        this.nanoTime = nanoTime;
        this.done = counter(meters, "done");
        this.failed = counter(meters, "failed");
        this.tooMany = counter(meters, "too_many");
        this.givenUp = counter(meters, "given_up");
        meters.gauge("p2p_dbproxy_orders_waiting", this, RelayOrders::size);
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return meters.counter("p2p_dbproxy_orders_total", "outcome", outcome);
    }

    /** Gives the order in the background. */
    public void give(String relay, Order order) {
        lock.lock();
        try {
            Map<Key, Waiting> desk = desks.get(relay);
            boolean replaces = desk != null && desk.containsKey(Key.of(order));
            if (!replaces && waiting >= policy.most()) {
                tooMany.increment();
                return;
            }
            if (desk == null) {
                desk = new LinkedHashMap<>();
                desks.put(relay, desk);
                Map<Key, Waiting> mine = desk;
                executor.execute(() -> work(relay, mine));
            }
            desk.put(Key.of(order), new Waiting(order, nanoTime.getAsLong()));
            waiting += replaces ? 0 : 1;
        } catch (RejectedExecutionException e) {
            // Closed: nobody is told anything any more.
            desks.remove(relay);
        } finally {
            lock.unlock();
        }
    }

    /** Orders that wait. */
    int size() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private void work(String relay, Map<Key, Waiting> desk) {
        for (List<Waiting> next = take(relay, desk); !next.isEmpty(); next = take(relay, desk)) {
            List<Order> orders = next.stream().map(Waiting::order).toList();
            try {
                tell(relay, orders);
            } catch (RuntimeException e) {
                // Whatever it was: a relay that is not told anything any more would keep its players where they are.
                failed.increment(orders.size());
                log.info("relay {}: {} orders not given: {}", relay, orders.size(), e.toString());
                orders.forEach(RelayOrders::untold);
                if (keep(desk, next) && !paused()) {
                    return;
                }
            }
        }
    }

    private void tell(String relay, List<Order> orders) {
        Set<Integer> unknown = post.tell(relay, orders);
        done.increment(orders.size());
        for (Order order : orders) {
            if (order instanceof Order.Rehome rehome && unknown.contains(order.account())) {
                rehome.unknown().run();
            }
        }
    }

    private static void untold(Order order) {
        if (order instanceof Order.Rehome rehome) {
            rehome.untold().run();
        }
    }

    /** Takes what comes first; an empty desk is given up. */
    private List<Waiting> take(String relay, Map<Key, Waiting> desk) {
        lock.lock();
        try {
            List<Waiting> taken = new ArrayList<>();
            Iterator<Waiting> first = desk.values().iterator();
            while (first.hasNext() && taken.size() < policy.together()) {
                taken.add(first.next());
                first.remove();
            }
            waiting -= taken.size();
            if (taken.isEmpty()) {
                desks.remove(relay);
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Puts back, behind whatever came meanwhile, what nobody else would say again; whether there was something. */
    private boolean keep(Map<Key, Waiting> desk, List<Waiting> failures) {
        long now = nanoTime.getAsLong();
        boolean any = false;
        lock.lock();
        try {
            for (Waiting each : failures) {
                if (each.order() instanceof Order.Rehome) {
                    continue;
                }
                if (now - each.since() >= policy.kept().toNanos()) {
                    givenUp.increment();
                } else if (desk.putIfAbsent(Key.of(each.order()), each) == null) {
                    waiting++;
                    any = true;
                }
            }
        } finally {
            lock.unlock();
        }
        return any;
    }

    private boolean paused() {
        try {
            return !closed.await(policy.pause().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        executor.shutdownNow();
    }
}
