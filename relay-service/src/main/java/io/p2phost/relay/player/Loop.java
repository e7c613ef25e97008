package io.p2phost.relay.player;

import java.time.Duration;

/** The one thread on which everything of a player happens, and its clock. */
public interface Loop {
    /** Runs it on the loop, in a later turn; dropped when the loop has ended. */
    void execute(Runnable task);

    /** Runs it on the loop after a while, unless it is cancelled before. */
    Alarm after(Duration delay, Runnable task);

    /** Nanoseconds of a clock that only goes forward. */
    long nanoTime();

    /** Something that will happen. */
    interface Alarm {
        void cancel();
    }
}
