package io.p2phost.agent;

import java.time.Instant;
import java.time.InstantSource;

/** The agent's two clocks: wall time, which may jump, and a monotonic one, which stands still while a laptop sleeps. */
public interface Time extends InstantSource {
    /** Nanoseconds that only grow; differences mean something, the value does not. */
    long nanos();

    static Time system() {
        return new Time() {
            @Override
            public Instant instant() {
                return InstantSource.system().instant();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
