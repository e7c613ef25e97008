package io.p2phost.agent.awake;

import io.p2phost.agent.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the desktop is asked for while maps are here: not to fall asleep by itself while somebody plays, and to wait a
 * moment before it sleeps, so that players move first. It never says no to the owner who sends his machine to sleep.
 */
public final class Awake implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Awake.class);

    /** Asking starts a program: not again at once where that did not help. */
    static final Duration AGAIN = Duration.ofMinutes(1);

    private final Desktop desktop;
    private final Time time;
    private final Wish idle;
    private final Wish delay;
    private volatile boolean goingToSleep;

    /** The desktop, as far as it decides about sleep. */
    public interface Desktop extends AutoCloseable {
        /** It does not sleep for want of input as long as this is held; empty where it cannot be asked. */
        Optional<Hold> stayAwake();

        /** It waits before it sleeps, a few seconds at most, as long as this is held; empty where it cannot be asked. */
        Optional<Hold> waitBeforeSleep();

        /** Tells from then on when the machine is about to sleep (true), and when it is awake again (false). */
        void listen(Consumer<Boolean> sleeps);

        @Override
        void close();

        /** Nobody can be asked. */
        Desktop NONE = new Desktop() {
            @Override
            public Optional<Hold> stayAwake() {
                return Optional.empty();
            }

            @Override
            public Optional<Hold> waitBeforeSleep() {
                return Optional.empty();
            }

            @Override
            public void listen(Consumer<Boolean> sleeps) {
                // It never tells.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    /** Something asked for, until it is closed. */
    public interface Hold extends AutoCloseable {
        /** Whether it still counts. */
        boolean isHeld();

        @Override
        void close();
    }

    /** One thing that may be asked for. */
    private final class Wish {
        private final Supplier<Optional<Hold>> ask;
        private @Nullable Hold held;
        private @Nullable Long notBeforeNanos;

        Wish(Supplier<Optional<Hold>> ask) {
            this.ask = ask;
        }

        boolean isHeld() {
            return held != null && held.isHeld();
        }

        void take() {
            Long notBefore = notBeforeNanos;
            if (isHeld() || (notBefore != null && time.nanos() - notBefore < 0)) {
                return;
            }
            release();
            held = ask.get().orElse(null);
            // What is held now may be lost at once, where the desktop refuses.
            notBeforeNanos = time.nanos() + AGAIN.toNanos();
        }

        void release() {
            if (held != null) {
                held.close();
                held = null;
                notBeforeNanos = null;
            }
        }
    }

    public Awake(Desktop desktop, Time time) {
        this.desktop = desktop;
        this.time = time;
        this.idle = new Wish(desktop::stayAwake);
        this.delay = new Wish(desktop::waitBeforeSleep);
        desktop.listen(this::sleeps);
    }

    /** For a machine whose owner does not want it. */
    public static Awake never(Time time) {
        return new Awake(Desktop.NONE, time);
    }

    private void sleeps(boolean begins) {
        goingToSleep = begins;
        log.info(begins ? "the machine is about to sleep" : "the machine is awake again");
    }

    /** Whether the machine is about to sleep: all maps have to go, now. */
    public boolean isGoingToSleep() {
        return goingToSleep;
    }

    /**
     * Looks at what is here; to be called every second or so, by one thread.
     *
     * @param players on this machine's maps
     * @param carriesMaps whether a map is served here, standbys not counted
     */
    public void note(int players, boolean carriesMaps) {
        if (players > 0 && !goingToSleep) {
            idle.take();
        } else {
            idle.release();
        }
        if (!carriesMaps) {
            delay.release();
        } else if (!goingToSleep) {
            delay.take();
        }
    }

    @Override
    public void close() {
        idle.release();
        delay.release();
        desktop.close();
    }
}
