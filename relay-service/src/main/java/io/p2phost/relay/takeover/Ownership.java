package io.p2phost.relay.takeover;

import java.time.Duration;

/**
 * Whose the relay's sockets are: one process's at a time, and nobody's when that one has died. So who was handed everything
 * need not hear from the other that it has let go.
 */
public interface Ownership {
    /** Takes them, as soon as nobody has them: false when somebody still has after that time. Blocks. */
    boolean take(Duration within);

    /** Gives them up. */
    void release();
}
