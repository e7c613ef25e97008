package io.p2phost.dbproxy.engine;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Peers that may be slow: what waits for all of them together is bounded, or the one for whom most waits is cut, and each
 * has so long to take what waits for it. On the loop only.
 */
final class Crowd {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final long most;
    private final Duration patience;
    private final MuxLoop loop;
    private final Set<Peer> all = new HashSet<>();
    private final Set<Peer> slow = new HashSet<>();
    private long lookedAt;
    private boolean looked;

    /**
     * Makes a crowd.
     *
     * @param most bytes for all of them
     * @param patience how long one may take nothing
     */
    Crowd(long most, Duration patience, MuxLoop loop) {
        this.most = most;
        this.patience = patience;
        this.loop = loop;
    }

    /** Something is sent to that one. */
    void joined(Peer peer) {
        all.add(peer);
    }

    /** Looks, once a second, who takes nothing. */
    void look(long now) {
        if (looked && now - lookedAt < LOOK.toNanos()) {
            return;
        }
        // After a pause of our own nobody could take anything.
        boolean late = !looked || now - lookedAt > LOOK.toNanos() * 2;
        looked = true;
        lookedAt = now;
        for (Peer peer : List.copyOf(all)) {
            if (peer.isStalled(now, late, patience)) {
                peer.stall(patience);
            }
        }
    }

    /** More than a little waits for that one. */
    void grew(Peer peer) {
        slow.add(peer);
        if (slow.stream().mapToLong(Peer::backlog).sum() > most) {
            // In a turn of its own: whoever sends is in the middle of something.
            slow.stream().max(Comparator.comparingInt(Peer::backlog)).ifPresent(worst -> {
                slow.remove(worst);
                loop.execute(worst::cut);
            });
        }
    }

    /** It is gone. */
    void left(Peer peer) {
        all.remove(peer);
        slow.remove(peer);
    }
}
