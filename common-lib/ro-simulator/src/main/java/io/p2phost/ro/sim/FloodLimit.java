package io.p2phost.ro.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Refuses an address that connects too often: the seventh connect with less than 3 s between each and the one before
 * shuts it out for ten minutes.
 */
final class FloodLimit {
    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final Duration SHUT_OUT = Duration.ofMinutes(10);
    private static final int QUICK_CONNECTS = 5;
    /** More are forgotten, oldest entries first in no order that matters: it is a simulator. */
    private static final int MAX_ADDRESSES = 65_536;

    private final InstantSource clock;
    private final Map<Integer, History> histories = new HashMap<>();

    private static final class History {
        private Instant last = Instant.EPOCH;
        private int quick;
        private boolean flooding;
    }

    FloodLimit(InstantSource clock) {
        this.clock = clock;
    }

    boolean admits(int address) {
        Instant now = clock.instant();
        if (histories.size() >= MAX_ADDRESSES) {
            histories.clear();
        }
        History history = histories.computeIfAbsent(address, key -> new History());
        if (history.flooding && now.isBefore(history.last.plus(SHUT_OUT))) {
            return false;
        }
        boolean quick = !history.flooding && now.isBefore(history.last.plus(INTERVAL));
        history.last = now;
        if (!quick) {
            history.quick = 0;
            history.flooding = false;
            return true;
        }
        history.flooding = history.quick++ >= QUICK_CONNECTS;
        return !history.flooding;
    }
}
