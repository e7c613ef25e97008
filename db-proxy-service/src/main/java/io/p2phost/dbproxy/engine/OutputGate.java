package io.p2phost.dbproxy.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Output commit (Strom and Yemini, "Optimistic recovery in distributed systems", 1985): what leaves waits until what was
 * journaled before it is on disk, so nobody ever acts on what a crash could take back. On the multiplexer's loop only; what
 * waits is bounded by its peers, each of which is cut when too much of it does, and by the journal's patience.
 */
final class OutputGate {
    private final Deque<Held> held = new ArrayDeque<>();
    private long journaled;
    private long durable;

    private record Held(long journaled, Runnable output) {}

    /** Something was journaled; its number is to be freed once it is on disk, in the order of the numbers. */
    long journal() {
        return ++journaled;
    }

    /** That number, and what was journaled before it, is on disk, or is waited for no longer. */
    void free(long number) {
        durable = Math.max(durable, number);
        while (!held.isEmpty() && held.element().journaled <= durable) {
            held.remove().output.run();
        }
    }

    /** Runs an output now or, behind what waits already, as soon as it may be. */
    void pass(Runnable output) {
        if (journaled <= durable) {
            output.run();
        } else {
            held.add(new Held(journaled, output));
        }
    }
}
