package io.p2phost.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What must be put back, in reverse order, once, whatever happens: at the end, after a failure, on Ctrl-C. */
final class Cleanup {
    private final Deque<Action> actions = new ArrayDeque<>();
    private boolean done;

    private record Action(String name, Undo undo) {}

    /** Puts one thing back. */
    @FunctionalInterface
    interface Undo {
        void run() throws Exception;
    }

    synchronized void add(String name, Undo undo) {
        if (done) {
            throw new DemoFailure("the demo is ending");
        }
        actions.push(new Action(name, undo));
    }

    /** Puts everything back; a failure does not keep the rest from being put back. Returns what could not be. */
    synchronized List<String> run() {
        done = true;
        List<String> faults = new ArrayList<>();
        while (!actions.isEmpty()) {
            Action action = actions.pop();
            try {
                action.undo().run();
            } catch (Exception e) {
                faults.add(action.name() + ": " + e.getMessage());
            }
        }
        return faults;
    }
}
