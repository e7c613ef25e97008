package io.p2phost.links.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.RefusalReason;
import java.time.Duration;

/** Events of a host's char link, in order, on its event loop; implementations must not block. */
public interface CharLinkClientListener {
    /** db-proxy agrees: the cell that waits goes on to it, or the one that comes. */
    default void accepted() {}

    /**
     * db-proxy refuses the claim. Unless {@link RefusalReason#retryable()}, the client has stopped: the map is not ours.
     */
    void refused(RefusalReason reason, Epoch currentEpoch, String detail);

    /** The map has another owner by now. The client has stopped; the cell's connection is closed. */
    void fenced(Epoch currentEpoch);

    /** There is no link; the next attempt is made after that time. */
    default void disconnected(CloseReason reason, Duration nextAttempt) {}

    /** db-proxy has answered the cell's login; it answers none before the char-server has accepted itself. */
    default void cellAnswered() {}

    /** The cell's connection ended while the link stands: the cell hung up or died, or db-proxy sent it away. */
    default void cellLeft() {}
}
