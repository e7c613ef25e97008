package io.p2phost.assignment.ownership;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes those who wait for some map's row to change; a host's word may also come in by another instance. */
public final class ReadySignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long raised;

    /** Wakes everybody who waits. */
    public void raise() {
        lock.lock();
        try {
            raised++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a signal, at most that long. False when the thread was interrupted. */
    public boolean await(Duration atMost) {
        lock.lock();
        try {
            long before = raised;
            long left = atMost.toNanos();
            while (raised == before && left > 0) {
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
