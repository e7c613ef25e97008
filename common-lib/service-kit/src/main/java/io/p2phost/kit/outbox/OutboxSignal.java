package io.p2phost.kit.outbox;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the publisher after a commit, so that it need not poll often. */
final class OutboxSignal {
    private final Semaphore wakeUps = new Semaphore(0);

    void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /** Waits for a commit, at most for the given time. */
    void await(Duration atMost) throws InterruptedException {
        if (wakeUps.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            wakeUps.drainPermits();
        }
    }
}
