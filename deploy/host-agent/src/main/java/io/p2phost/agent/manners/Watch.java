package io.p2phost.agent.manners;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every few seconds, in a thread of its own: asking the system may take longer than a heartbeat can wait. */
public final class Watch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Watch.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration END_WAIT = Duration.ofSeconds(3);

    private final Manners manners;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Watch(Manners manners) {
        this.manners = manners;
        this.thread = Thread.ofPlatform().daemon().name("manners").unstarted(this::run);
    }

    /** Looks once before it returns: an owner who is busy is not bothered with even one map. */
    public static Watch start(Manners manners) {
        Watch watch = new Watch(manners);
        watch.look();
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            manners.look();
        } catch (RuntimeException e) {
            log.warn(
                    "manners: could not look, the last decision stays ({})",
                    manners.decision().level(),
                    e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(END_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        manners.end();
    }
}
