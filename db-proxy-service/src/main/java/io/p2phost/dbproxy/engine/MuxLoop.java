package io.p2phost.dbproxy.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that drives the multiplexer. What is asked from outside is bounded by {@link #offer}; what must not be
 * lost is not, and its callers bound it: each connection waits with one task, each kept session with one answer.
 */
final class MuxLoop implements Executor, AutoCloseable {
    /** Tasks from which on nothing more is taken from outside. */
    static final int CAPACITY = 65_536;

    /** Tasks between two looks at the time and at what waits to be sent. */
    private static final int BATCH = 256;

    private static final Logger log = LoggerFactory.getLogger(MuxLoop.class);
    private static final Duration JOIN = Duration.ofSeconds(5);

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Deque<Runnable> atTurnsEnd = new ArrayDeque<>();
    private final Duration tick;
    private final Counter failures;
    private final Counter refused;
    private final Timer turns;
    private volatile boolean closed;
    private volatile boolean dead;
    private volatile @Nullable Thread thread;

    MuxLoop(Duration tick, MeterRegistry meters) {
        this.tick = tick;
        this.failures = meters.counter("p2p_dbproxy_mux_failures_total");
        this.refused = meters.counter("p2p_dbproxy_mux_refused_total");
        this.turns = meters.timer("p2p_dbproxy_mux_turn_seconds");
        meters.gauge("p2p_dbproxy_mux_queue", tasks, BlockingQueue::size);
    }

    /**
     * Begins.
     *
     * @param onTick run on the thread several times a second
     * @param onDeath run when the thread ends although nobody closed this: nothing goes on then
     */
    void start(Runnable onTick, Runnable onDeath) {
        thread = Thread.ofPlatform().name("mux").start(() -> {
            try {
                run(onTick);
            } finally {
                if (!closed) {
                    dead = true;
                    onDeath.run();
                }
            }
        });
    }

    /** Whether the thread has ended although nobody closed this. */
    boolean isDead() {
        return dead;
    }

    /** Runs it later on the thread. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs it later on the thread, unless too much waits already. */
    boolean offer(Runnable task) {
        if (tasks.size() >= CAPACITY) {
            refused.increment();
            return false;
        }
        tasks.add(task);
        return true;
    }

    /** Runs it once what is at hand is done. On the thread only. */
    void atTurnsEnd(Runnable task) {
        atTurnsEnd.add(task);
    }

    private void run(Runnable onTick) {
        long next = System.nanoTime();
        while (!closed) {
            long now = System.nanoTime();
            if (now - next >= 0) {
                guarded(onTick);
                next = now + tick.toNanos();
                endTurn();
            }
            try {
                Runnable first = tasks.poll(next - now, TimeUnit.NANOSECONDS);
                if (first != null) {
                    turn(first);
                }
            } catch (InterruptedException e) {
                log.warn("interrupted (expected: closed)");
                return;
            }
        }
    }

    private void turn(Runnable first) {
        long began = System.nanoTime();
        Runnable task = first;
        for (int done = 1; task != null; done++) {
            guarded(task);
            task = done < BATCH ? tasks.poll() : null;
        }
        endTurn();
        turns.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    }

    private void endTurn() {
        for (Runnable task = atTurnsEnd.poll(); task != null; task = atTurnsEnd.poll()) {
            guarded(task);
        }
    }

    /** A fault in one packet's handling must not end everybody's play. On the thread only. */
    void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            failures.increment();
            log.error("a step of the multiplexer failed", e);
        }
    }

    /** Ends the thread behind the task at hand; what waits is not done. */
    @Override
    public void close() {
        closed = true;
        tasks.add(() -> {});
        Thread running = thread;
        if (running != null) {
            try {
                running.join(JOIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
