package io.p2phost.dbproxy.engine;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;

/** Peers for whom much waits: together not more than a bound, or the one for whom most waits is cut. On the loop only. */
final class Crowd {
    private final long most;
    private final MuxLoop loop;
    private final Set<Peer> slow = new HashSet<>();

    /** At most so many bytes for all of them. */
    Crowd(long most, MuxLoop loop) {
        this.most = most;
        this.loop = loop;
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
        slow.remove(peer);
    }
}
