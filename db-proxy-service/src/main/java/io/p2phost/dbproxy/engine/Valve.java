package io.p2phost.dbproxy.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds up those who write to a connection that does not keep up, so that what waits for it is bounded and nothing is
 * lost. On the loop only.
 */
final class Valve {
    /** Unsent bytes from which on writers wait. */
    static final int SHUT_AT = 8 << 20;

    static final int OPEN_AT = 2 << 20;

    private final List<Runnable> waiting = new ArrayList<>();
    private @Nullable Transport target;
    private boolean shut;

    /** Watches that connection from now on; none means that nobody waits. */
    void watch(@Nullable Transport connection) {
        target = connection;
        look();
    }

    boolean isShut() {
        look();
        return shut;
    }

    /** Runs it once the valve is open again. */
    void await(Runnable writer) {
        waiting.add(writer);
    }

    int waiting() {
        return waiting.size();
    }

    /** To be called several times a second. */
    void look() {
        int unsent = target == null ? 0 : target.unsent();
        shut = unsent > (shut ? OPEN_AT : SHUT_AT);
        if (!shut && !waiting.isEmpty()) {
            List<Runnable> freed = List.copyOf(waiting);
            waiting.clear();
            freed.forEach(Runnable::run);
        }
    }
}
