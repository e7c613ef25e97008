package io.p2phost.relay.front;

import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.Networks;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in at the front, by his address and before a byte of his is read. Connections whose player is not in game yet
 * have a number of places of their own, so that players in game lose none to a flood; when these are full, whoever has said
 * nothing for longest makes room for the newcomer. Thread-safe.
 */
public final class Door {
    /** Silent ones that make room at once when nothing can be accepted any more. */
    static final int MOST_MADE_ROOM = 16;

    private final Rules rules;
    private final AddressLimits limits;
    private final LinkMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    /** Those of whom nothing was heard yet, the longest waiting first. */
    private final Set<Visit> silent = new LinkedHashSet<>();

    private int total;
    private int entering;

    /**
     * Who may come.
     *
     * @param limits shares of addresses and networks, and the ceiling of all connections
     * @param maxEntering connections at once whose player is not in game yet
     * @param allow these have no share: only the ceilings count
     * @param deny these are not let in, whatever else is said of them
     * @param proxies these say by a PROXY header for whom they connect
     */
    public record Rules(AddressLimits.Rules limits, int maxEntering, Networks allow, Networks deny, Networks proxies) {}

    public Door(Rules rules, LongSupplier nanoTime, LinkMetrics metrics) {
        this.rules = rules;
        AddressLimits.Rules shares = rules.limits();
        // The ceiling is the door's own: whoever makes room has not gone yet when the newcomer's share is looked at.
        this.limits = new AddressLimits(
                new AddressLimits.Rules(Integer.MAX_VALUE, shares.address(), shares.network(), shares.maxAddresses()),
                nanoTime);
        this.metrics = metrics;
    }

    /** A connection, from the door on. */
    public final class Visit {
        private final Runnable cut;
        private final boolean proxied;
        private @Nullable InetAddress address;
        private boolean counted;
        private boolean in;
        private boolean over;

        private Visit(boolean proxied, Runnable cut) {
            this.proxied = proxied;
            this.cut = cut;
        }

        /** Whether a proxy has yet to say who this is: then {@link #comesFrom} follows. */
        boolean isProxied() {
            return proxied;
        }

        /** Where he comes from, once that is known. */
        @Nullable
        public InetAddress address() {
            return address;
        }

        /** Whether the address has no share of anything. */
        boolean isAllowed() {
            return address != null && rules.allow.contains(address);
        }

        /** A proxy said where he comes from: whether he is let in. */
        public boolean comesFrom(InetAddress real) {
            Optional<DropReason> refusal =
                    rules.deny.contains(real) ? Optional.of(DropReason.DENIED) : share(this, real);
            refusal.ifPresent(metrics::dropped);
            return refusal.isEmpty();
        }

        /** He can be cut from now on, and has said nothing yet or takes his leave. */
        public void isSilent() {
            lock.lock();
            try {
                if (!over && !in) {
                    silent.add(this);
                }
            } finally {
                lock.unlock();
            }
        }

        /** What he said may be a player's. */
        public void spoke() {
            lock.lock();
            try {
                silent.remove(this);
            } finally {
                lock.unlock();
            }
        }

        /** A map-server has let his player in. */
        public void isInGame() {
            lock.lock();
            try {
                silent.remove(this);
                if (!over && !in) {
                    in = true;
                    entering--;
                }
            } finally {
                lock.unlock();
            }
        }

        boolean inGame() {
            lock.lock();
            try {
                return in;
            } finally {
                lock.unlock();
            }
        }

        /** His connection is closed, or will be at once. */
        void over() {
            lock.lock();
            try {
                if (over) {
                    return;
                }
                over = true;
                silent.remove(this);
                total--;
                entering -= in ? 0 : 1;
                if (counted && address != null) {
                    limits.release(address);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Somebody whose connection stands already: he counts, and is not judged. */
    Visit takeOn(InetAddress address, Runnable cut) {
        lock.lock();
        try {
            Visit visit = new Visit(false, cut);
            visit.address = address;
            total++;
            entering++;
            if (!rules.allow.contains(address)) {
                limits.count(address);
                visit.counted = true;
            }
            return visit;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Somebody has connected: null when he is turned away, which is counted.
     *
     * @param peer the other end of the connection
     * @param cut closes the connection, from whatever thread
     */
    @Nullable
    Visit knock(InetAddress peer, Runnable cut) {
        Visit visit = new Visit(rules.proxies.contains(peer), cut);
        Visit gone = null;
        Optional<DropReason> refusal = Optional.empty();
        lock.lock();
        try {
            if (rules.deny.contains(peer)) {
                refusal = Optional.of(DropReason.DENIED);
            } else if (total >= rules.limits.maxTotal() || entering >= rules.maxEntering) {
                gone = longestSilent();
                if (gone == null) {
                    refusal = Optional.of(
                            total >= rules.limits.maxTotal() ? DropReason.CONNECTION_LIMIT : DropReason.ENTERING_LIMIT);
                }
            }
            if (refusal.isEmpty() && !visit.proxied) {
                refusal = share(visit, peer);
            }
            if (refusal.isEmpty()) {
                if (gone != null) {
                    gone.over();
                }
                total++;
                entering++;
            } else {
                gone = null;
            }
        } finally {
            lock.unlock();
        }
        if (gone != null) {
            metrics.dropped(DropReason.MADE_ROOM);
            gone.cut.run();
        }
        if (refusal.isPresent()) {
            metrics.dropped(refusal.get());
            return null;
        }
        return visit;
    }

    private @Nullable Visit longestSilent() {
        Iterator<Visit> longest = silent.iterator();
        return longest.hasNext() ? longest.next() : null;
    }

    private Optional<DropReason> share(Visit visit, InetAddress address) {
        lock.lock();
        try {
            visit.address = address;
            if (visit.over || rules.allow.contains(address)) {
                return Optional.empty();
            }
            Optional<DropReason> refusal = limits.admit(address);
            visit.counted = refusal.isEmpty();
            return refusal;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing can be accepted any more: a few who are silent go. */
    void makeRoom() {
        for (int i = 0; i < MOST_MADE_ROOM; i++) {
            Visit gone;
            lock.lock();
            try {
                gone = longestSilent();
                if (gone == null) {
                    return;
                }
                gone.over();
            } finally {
                lock.unlock();
            }
            metrics.dropped(DropReason.MADE_ROOM);
            gone.cut.run();
        }
    }

    /** Connections whose player is not in game yet. */
    public int entering() {
        lock.lock();
        try {
            return entering;
        } finally {
            lock.unlock();
        }
    }

    /** Addresses that are remembered. */
    int addresses() {
        return limits.addresses();
    }
}
