package io.p2phost.links.charlink;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many bytes db-proxy remembers of what each host packs. One save of a full inventory is about 10 KB there, so a
 * link that gets its most holds those of some 40 characters. All links together share a limit: each gets no more than a
 * part of what is left, so the hundredth still gets something. Thread-safe.
 */
final class Histories {
    /** Most for one link. */
    static final int MOST = 512 * 1024;

    private static final int ALL = 64 * 1024 * 1024;
    private static final int PART = 64;

    private final AtomicInteger left = new AtomicInteger(ALL);

    /** Takes the share of one link. */
    int take() {
        while (true) {
            int now = left.get();
            int share = Math.min(MOST, now / PART);
            if (left.compareAndSet(now, now - share)) {
                return share;
            }
        }
    }

    void giveBack(int share) {
        left.addAndGet(share);
    }
}
