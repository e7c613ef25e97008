package io.p2phost.standalone.part;

import java.util.Optional;

/** Something that is started, watched, started again and stopped. One thread at a time starts or stops a part. */
public interface Part {
    /** Unique; names its log and pid file. */
    String name();

    /** Starts it and returns when it is up (a service: when its management port answers). */
    void start() throws PartFailure, InterruptedException;

    /** Why it is no longer alive, or empty while it is. Asked once a second; must not block for long. */
    Optional<String> death();

    /** Whether it can do its work now. Only asked after a start. */
    boolean ready();

    /** Stops it and returns when it is gone. Does nothing when it does not run. */
    void stop();

    /** Its process, or 0 when it lives in this JVM or does not run. */
    long pid();
}
