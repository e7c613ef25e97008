package io.p2phost.relay.takeover;

/** The relay itself, as it is handed from one process to the next. Calls block. */
public interface Estate {
    // ---- the process that gives ----

    /** Other services are answered no more: the next process listens at the same port. */
    void silence();

    /** Stops everything and says what there is. */
    Holdings pause();

    /** Nobody took it: everything goes on, and other services are answered again. */
    void goOn();

    /** The players are another process's: their sockets are closed here, and they see nothing of it. */
    void leave();

    // ---- the process that takes ----

    /** Goes on with all of it. */
    void takeOn(Holdings holdings);
}
