package io.p2phost.dbproxy.turn;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This instance's turn to work. Of several on one database one works, the others stand by and take over when it is gone. A
 * lock in the database says who may try; the term of the sessions, which every commit carries, says who writes. So whoever
 * loses the lock works on as long as nobody has taken the sessions over, as when the database is away for a while.
 */
public final class Turn implements AutoCloseable {
    /** How long the lock outlives a holder that is paused or cut off. */
    public static final Duration LEASE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Turn.class);
    private static final Duration BEAT = Duration.ofMillis(250);

    /** For an instance that works without the lock to get it back. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Lock lock;
    private final Others others;
    private final InstantSource clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread;
    private Instant notBefore = Instant.EPOCH;
    private volatile State state = State.STANDBY;

    /** From one to the next only. */
    public enum State {
        STANDBY,
        ACTIVE,
        /** Another instance works, or this one cannot any more: it has to be started anew. */
        OVER
    }

    /** Held by one instance at a time; one that is paused or cut off loses it after {@link #LEASE}. */
    public interface Lock extends AutoCloseable {
        /**
         * Takes it, or makes sure that it is still held.
         *
         * @return false when another instance has it
         * @throws RuntimeException when that cannot be said
         */
        boolean hold();

        /** Lets it go; it can be taken again. */
        @Override
        void close();
    }

    /** The other instances. */
    @FunctionalInterface
    public interface Others {
        /** Whether one of them says that it works. */
        boolean work();
    }

    /** What only the instance whose turn it is does. */
    public interface Work {
        /** Begins. */
        void begin();

        /** Whether it cannot go on. */
        boolean isOver();

        /**
         * Whether another instance has begun since.
         *
         * @throws RuntimeException when that cannot be said
         */
        boolean isTakenOver();

        /** It has ended for good: the instance is to be stopped. Called once. */
        void end();
    }

    public Turn(Lock lock, Others others, InstantSource clock) {
        this.lock = lock;
        this.others = others;
        this.clock = clock;
    }

    public State state() {
        return state;
    }

    public boolean isActive() {
        return state == State.ACTIVE;
    }

    /** Works at once if nobody else does, else as soon as nobody does. What {@code work} throws at once is thrown on. */
    public void start(Work given) {
        begin(given);
        if (!isActive()) {
            log.info("this instance stands by");
        }
        thread = Thread.ofPlatform().daemon().name("turn").start(() -> watch(given));
    }

    private void watch(Work given) {
        try {
            while (state != State.OVER && !stopped.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                beat(given);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first look. */
    void begin(Work given) {
        if (mayBegin()) {
            given.begin();
            state = State.ACTIVE;
        }
    }

    /** One look. */
    void beat(Work given) {
        try {
            if (state == State.STANDBY && mayBegin()) {
                log.warn("nobody works: this instance takes over");
                takeOver(given);
            } else if (state == State.ACTIVE && isOver(given)) {
                log.error("this instance's turn is over: another one took over, or it cannot go on");
                over(given);
            }
        } catch (RuntimeException e) {
            log.debug("the lock cannot be looked at now", e);
        }
    }

    private boolean isOver(Work given) {
        return given.isOver() || (!lock.hold() && given.isTakenOver());
    }

    private boolean mayBegin() {
        if (clock.instant().isBefore(notBefore) || !held()) {
            return false;
        }
        if (others.work()) {
            lock.close();
            notBefore = clock.instant().plus(PATIENCE);
            return false;
        }
        // They may have taken longer to answer than it is held without a word.
        return held();
    }

    private boolean held() {
        try {
            return lock.hold();
        } catch (RuntimeException e) {
            log.debug("the lock cannot be asked for now", e);
            return false;
        }
    }

    private void takeOver(Work given) {
        try {
            given.begin();
            state = State.ACTIVE;
        } catch (RuntimeException e) {
            log.error("this instance cannot take over", e);
            over(given);
        }
    }

    private void over(Work given) {
        state = State.OVER;
        lock.close();
        given.end();
    }

    /** Lets another instance take over. To be called when nothing of the work is left. */
    @Override
    public void close() {
        stopped.countDown();
        Thread watching = thread;
        if (watching != null && !Thread.currentThread().equals(watching)) {
            try {
                watching.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        state = State.OVER;
        lock.close();
    }
}
