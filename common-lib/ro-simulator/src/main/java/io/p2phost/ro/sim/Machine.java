package io.p2phost.ro.sim;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A single-threaded state machine that owns no clock: whoever drives it calls {@link #tick} when its deadline came. */
public interface Machine {
    /** Does what is due now. */
    void tick();

    /** When something is due next; null when nothing is. */
    @Nullable
    Instant nextDeadline();
}
