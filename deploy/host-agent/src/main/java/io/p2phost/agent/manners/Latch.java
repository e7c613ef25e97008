package io.p2phost.agent.manners;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one reason from flapping: it must hold for a while before it counts, and be gone for a while before it no longer
 * does.
 */
final class Latch {
    private final Duration after;
    private final Duration calm;
    private Decision held = Decision.NORMAL;
    private @Nullable Long worseSince;
    private @Nullable Long betterSince;

    Latch(Duration after, Duration calm) {
        this.after = after;
        this.calm = calm;
    }

    /** Whether the reason counts now; a threshold is then to be judged by its lower end. */
    boolean holds() {
        return held.level() != Level.NORMAL;
    }

    Decision see(Decision found, long nowNanos) {
        int order = found.level().compareTo(held.level());
        if (order == 0) {
            worseSince = null;
            betterSince = null;
            held = found;
        } else if (order > 0) {
            betterSince = null;
            worseSince = worseSince == null ? nowNanos : worseSince;
            if (nowNanos - worseSince >= after.toNanos()) {
                settle(found);
            }
        } else {
            worseSince = null;
            betterSince = betterSince == null ? nowNanos : betterSince;
            if (nowNanos - betterSince >= calm.toNanos()) {
                settle(found);
            }
        }
        return held;
    }

    private void settle(Decision found) {
        held = found;
        worseSince = null;
        betterSince = null;
    }
}
