package io.p2phost.registry.loop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a task at a fixed interval on a thread of its own; a failure is counted and said, and the next round comes. */
public final class Loop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Loop.class);
    private static final long STOP_MILLIS = 5_000;

    private final String name;
    private final Duration interval;
    private final Runnable task;
    private final AtomicLong failures = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopped = lock.newCondition();
    private boolean running;
    private @Nullable Thread thread;

    public Loop(String name, Duration interval, Runnable task) {
        this.name = name;
        this.interval = interval;
        this.task = task;
    }

    /** Starts; the first round comes after one interval. */
    public void start() {
        lock.lock();
        try {
            running = true;
            thread = Thread.ofPlatform().daemon().name(name).start(this::run);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long next = System.nanoTime() + interval.toNanos();
        while (awaitUntil(next)) {
            try {
                task.run();
            } catch (RuntimeException e) {
                failures.incrementAndGet();
                log.warn("{}: a round failed ({})", name, e.toString());
            }
            // Rounds that were missed are not made up for.
            next = Math.max(next + interval.toNanos(), System.nanoTime());
        }
    }

    private boolean awaitUntil(long deadline) {
        lock.lock();
        try {
            while (running) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return true;
                }
                stopped.awaitNanos(left);
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    public long failures() {
        return failures.get();
    }

    /** Stops after the round that is running. */
    @Override
    public void close() {
        Thread started;
        lock.lock();
        try {
            running = false;
            stopped.signalAll();
            started = thread;
        } finally {
            lock.unlock();
        }
        if (started == null) {
            return;
        }
        try {
            started.join(STOP_MILLIS);
            if (started.isAlive()) {
                log.warn("{}: still at work after {}", name, TimeUnit.MILLISECONDS.toSeconds(STOP_MILLIS) + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
