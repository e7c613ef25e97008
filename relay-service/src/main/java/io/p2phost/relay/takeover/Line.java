package io.p2phost.relay.takeover;

import java.io.IOException;
import java.time.Duration;

/** What one process of the relay says to another, and the descriptors that it passes. Calls block for a deadline at most. */
public interface Line {
    void send(Message message) throws IOException;

    /** The next message; the other's end is thrown, and so is its silence. */
    Message receive() throws IOException;

    /** From now on it may take no longer than that. */
    void within(Duration left);

    /** Passes a descriptor; it stays open here. */
    void pass(int descriptor) throws IOException;

    /** The next descriptor that was passed, open in this process. */
    int passed() throws IOException;

    /** Closes descriptors that were passed and are not wanted. */
    void discard(Iterable<Integer> descriptors);
}
