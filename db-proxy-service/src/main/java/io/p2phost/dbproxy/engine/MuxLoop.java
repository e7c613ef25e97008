package io.p2phost.dbproxy.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.channel.SingleThreadEventLoop;
import io.p2phost.links.net.LinkTransport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that drives the multiplexer. It is an event loop: the sockets of the VPS's own servers and of the
 * char-server are on it too, so what comes from one and goes to another changes no thread. What is asked from outside is
 * bounded by {@link #offer}; what must not be lost is not, and its callers bound it: each connection waits with one task,
 * each kept session with one answer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the schedule ends with the loop
final class MuxLoop implements Executor, AutoCloseable {
    /** Tasks from which on nothing more is taken from outside. */
    static final int CAPACITY = 65_536;

    /** Tasks between two looks at the time and at what waits to be sent. */
    private static final int BATCH = 256;

    private static final Logger log = LoggerFactory.getLogger(MuxLoop.class);

    private final LinkTransport transport = LinkTransport.start("mux", 1);
    private final SingleThreadEventLoop loop =
            (SingleThreadEventLoop) transport.group().next();
    private final Duration tick;
    private final Counter failures;
    private final Counter refused;
    private final Timer turns;
    private volatile boolean closed;
    private volatile boolean dead;

    // On the thread only.
    private final Deque<Runnable> atTurnsEnd = new ArrayDeque<>();
    /** What came before the start. */
    private final Deque<Runnable> early = new ArrayDeque<>();

    private @Nullable Runnable onTick;
    private Runnable onDeath = () -> {};
    private boolean running;
    /** Tasks done in this turn. */
    private int done;

    private long turnBegan;
    private long nextTick;

    MuxLoop(Duration tick, MeterRegistry meters) {
        this.tick = tick;
        this.failures = meters.counter("p2p_dbproxy_mux_failures_total");
        this.refused = meters.counter("p2p_dbproxy_mux_refused_total");
        this.turns = meters.timer("p2p_dbproxy_mux_turn_seconds");
        meters.gauge("p2p_dbproxy_mux_queue", loop, SingleThreadEventLoop::pendingTasks);
    }

    /**
     * Begins; what was asked before is done now.
     *
     * @param eachTick run on the thread several times a second
     * @param death run when an error ends this although nobody closed it: nothing goes on then
     */
    void start(Runnable eachTick, Runnable death) {
        loop.execute(() -> {
            onTick = eachTick;
            onDeath = death;
            nextTick = System.nanoTime();
            loop.scheduleWithFixedDelay(() -> run(this::tickIfDue), 0, tick.toNanos(), TimeUnit.NANOSECONDS);
            while (!early.isEmpty()) {
                run(early.remove());
            }
        });
    }

    /** The thread as an event loop, for sockets. */
    LinkTransport transport() {
        return transport;
    }

    /** Whether an error ended this although nobody closed it. */
    boolean isDead() {
        return dead;
    }

    /** Runs it later on the thread. */
    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            // Closed: what waits is not done.
        }
    }

    /** Runs it on the thread: now, where this is the thread and no task is at hand, else later. */
    void soon(Runnable task) {
        if (loop.inEventLoop() && !running) {
            run(task);
        } else {
            execute(task);
        }
    }

    /** Runs it later on the thread, unless too much waits already. */
    boolean offer(Runnable task) {
        if (loop.pendingTasks() >= CAPACITY) {
            refused.increment();
            return false;
        }
        execute(task);
        return true;
    }

    /** Runs it once what is at hand is done. On the thread only. */
    void atTurnsEnd(Runnable task) {
        atTurnsEnd.add(task);
    }

    private void run(Runnable task) {
        if (closed || dead) {
            return;
        }
        if (onTick == null) {
            early.add(task);
            return;
        }
        if (done == 0) {
            turnBegan = System.nanoTime();
            loop.executeAfterEventLoopIteration(this::endTurn);
        }
        done++;
        survivable(task);
        if (done >= BATCH) {
            endTurn();
            survivable(this::tickIfDue);
            flush();
        }
    }

    private void tickIfDue() {
        Runnable due = onTick;
        long now = System.nanoTime();
        if (due != null && now - nextTick >= 0) {
            nextTick = now + tick.toNanos();
            due.run();
        }
    }

    private void endTurn() {
        if (done > 0) {
            flush();
            done = 0;
            turns.record(System.nanoTime() - turnBegan, TimeUnit.NANOSECONDS);
        }
    }

    private void flush() {
        for (Runnable task = atTurnsEnd.poll(); task != null; task = atTurnsEnd.poll()) {
            survivable(task);
        }
    }

    /** An error that nothing survives, such as too little memory, ends everything. */
    private void survivable(Runnable task) {
        if (dead) {
            return;
        }
        running = true;
        try {
            guarded(task);
        } catch (Throwable e) {
            dead = true;
            try {
                log.error("the multiplexer died", e);
            } finally {
                onDeath.run();
            }
        } finally {
            running = false;
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

    /** Ends the thread behind the task at hand, and its sockets; what waits is not done. */
    @Override
    public void close() {
        closed = true;
        transport.close();
    }
}
