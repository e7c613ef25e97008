package io.p2phost.standalone.suite;

import java.time.Instant;

/**
 * What is known about one part.
 *
 * @param name as in logs and pid files
 * @param state where it is in its life
 * @param since when that state began
 * @param startMillis how long its last start took; 0 before it was ready
 * @param restarts how often it was started again since the suite came up
 * @param pid its process; 0 when it runs inside the launcher
 * @param detail one line for the user: why it failed, when it is tried again; empty when there is nothing to say
 */
public record PartStatus(
        String name, PartState state, Instant since, long startMillis, int restarts, long pid, String detail) {
    static PartStatus waiting(String name, Instant now) {
        return new PartStatus(name, PartState.WAITING, now, 0, 0, 0, "");
    }
}
