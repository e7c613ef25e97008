package io.p2phost.links.net;

import io.p2phost.links.DropReason;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect: a ceiling of all connections, a share per address, and a share per network, so that somebody who has
 * many addresses has not many shares. An IPv6 address counts by its /64, which one person has; a network is an IPv4 /24 or
 * an IPv6 /48. The tables are bounded: idle ones make room, and when none is idle an unknown address is refused, so that a
 * flood costs those who are connected nothing. Thread-safe.
 */
public final class AddressLimits {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int IPV6_ADDRESS_BYTES = 8;
    private static final int IPV6_NETWORK_BYTES = 6;
    private static final int IPV4_NETWORK_BYTES = 3;

    private final Rules rules;
    private final LongSupplier nanoTime;
    private final Table addresses;
    private final @Nullable Table networks;
    private int total;

    /**
     * What one may have.
     *
     * @param connections at once
     * @param perSecond new connections a second, over time
     * @param burst new connections at once after a quiet while
     */
    public record Share(int connections, double perSecond, int burst) {
        public Share {
            if (connections < 1 || perSecond <= 0 || burst < 1) {
                throw new IllegalArgumentException(
                        "share: " + connections + ", " + perSecond + ", " + burst + " (expected: all positive)");
            }
        }
    }

    /**
     * The limits.
     *
     * @param maxTotal connections at once
     * @param address share of one address
     * @param network share of one network, whatever its addresses have; unlimited if left out
     * @param maxAddresses addresses remembered, and networks
     */
    public record Rules(
            int maxTotal, Share address, @Nullable Share network, int maxAddresses) {
        public Rules {
            if (maxTotal < 1 || maxAddresses < 1) {
                throw new IllegalArgumentException(
                        "limits: " + maxTotal + ", " + maxAddresses + " (expected: all positive)");
            }
        }

        /** Limits by address only. */
        public Rules(int maxTotal, int maxPerAddress, double perSecond, int burst, int maxAddresses) {
            this(maxTotal, new Share(maxPerAddress, perSecond, burst), null, maxAddresses);
        }
    }

    private static final class Visitor {
        private int connections;
        private double tokens;
        private long refilledAt;

        Visitor(double tokens, long now) {
            this.tokens = tokens;
            this.refilledAt = now;
        }

        void refill(Share share, long now) {
            tokens = Math.min(share.burst(), tokens + (now - refilledAt) / NANOS_PER_SECOND * share.perSecond());
            refilledAt = now;
        }

        /** Forgetting such a one changes nothing: it would come back with the same rights. */
        boolean isIdle(Share share, long now) {
            return connections == 0
                    && tokens + (now - refilledAt) / NANOS_PER_SECOND * share.perSecond() >= share.burst();
        }
    }

    /** Visitors of one kind. */
    private static final class Table {
        /** Of a full table only a few are looked at: it must not make each refusal expensive. */
        private static final int LOOKED_AT = 8;

        private final Share share;
        private final int most;
        private final Map<ByteBuffer, Visitor> visitors = new LinkedHashMap<>(16, 0.75f, true);

        Table(Share share, int most) {
            this.share = share;
            this.most = most;
        }

        /** The visitor with its tokens of now; null when the table is full. */
        @Nullable
        Visitor of(ByteBuffer key, long now) {
            Visitor visitor = visitors.get(key);
            if (visitor == null) {
                if (visitors.size() >= most && !forgetOne(now)) {
                    return null;
                }
                visitor = new Visitor(share.burst(), now);
                visitors.put(key, visitor);
            }
            visitor.refill(share, now);
            return visitor;
        }

        /** Takes the longest unseen first. Busy ones go to the end, or players of long ago would hide all idle ones. */
        private boolean forgetOne(long now) {
            for (int looked = 0; looked < LOOKED_AT && !visitors.isEmpty(); looked++) {
                ByteBuffer oldest = visitors.keySet().iterator().next();
                Visitor visitor = visitors.get(oldest);
                if (visitor != null && visitor.isIdle(share, now)) {
                    visitors.remove(oldest);
                    return true;
                }
            }
            return false;
        }

        void release(ByteBuffer key) {
            Visitor visitor = visitors.get(key);
            if (visitor != null && visitor.connections > 0) {
                visitor.connections--;
            }
        }
    }

    /**
     * Makes an empty table.
     *
     * @param nanoTime as {@link System#nanoTime()}
     */
    public AddressLimits(Rules rules, LongSupplier nanoTime) {
        this.rules = rules;
        this.nanoTime = nanoTime;
        this.addresses = new Table(rules.address(), rules.maxAddresses());
        Share network = rules.network();
        this.networks = network == null ? null : new Table(network, rules.maxAddresses());
    }

    /** Admits a connection, which must be given back by {@link #release}; or says why not. */
    public synchronized Optional<DropReason> admit(InetAddress address) {
        if (total >= rules.maxTotal()) {
            return Optional.of(DropReason.CONNECTION_LIMIT);
        }
        long now = nanoTime.getAsLong();
        Visitor visitor = addresses.of(address(address), now);
        if (visitor == null) {
            return Optional.of(DropReason.ADDRESS_TABLE_FULL);
        }
        if (visitor.tokens < 1) {
            return Optional.of(DropReason.ADDRESS_RATE);
        }
        visitor.tokens -= 1;
        if (visitor.connections >= rules.address().connections()) {
            return Optional.of(DropReason.ADDRESS_LIMIT);
        }
        if (networks != null) {
            // After the address: what one address is refused anyway costs its neighbours nothing.
            Visitor network = networks.of(network(address), now);
            if (network == null) {
                return Optional.of(DropReason.ADDRESS_TABLE_FULL);
            }
            if (network.tokens < 1) {
                return Optional.of(DropReason.NETWORK_RATE);
            }
            network.tokens -= 1;
            if (network.connections >= networks.share.connections()) {
                return Optional.of(DropReason.NETWORK_LIMIT);
            }
            network.connections++;
        }
        visitor.connections++;
        total++;
        return Optional.empty();
    }

    /** Counts a connection that stands already; it must be given back by {@link #release}. */
    public synchronized void count(InetAddress address) {
        long now = nanoTime.getAsLong();
        countIn(addresses.of(address(address), now));
        if (networks != null) {
            countIn(networks.of(network(address), now));
        }
        total++;
    }

    /** Nobody is refused for a full table here. */
    private static void countIn(@Nullable Visitor visitor) {
        if (visitor != null) {
            visitor.connections++;
        }
    }

    /** Gives an admitted connection back. */
    public synchronized void release(InetAddress address) {
        addresses.release(address(address));
        if (networks != null) {
            networks.release(network(address));
        }
        total--;
    }

    /** Connections admitted now. */
    public synchronized int connections() {
        return total;
    }

    /** Addresses remembered now. */
    public synchronized int addresses() {
        return addresses.visitors.size();
    }

    private static ByteBuffer address(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_ADDRESS_BYTES) : bytes);
    }

    private static ByteBuffer network(InetAddress address) {
        int bytes = address instanceof Inet6Address ? IPV6_NETWORK_BYTES : IPV4_NETWORK_BYTES;
        return ByteBuffer.wrap(Arrays.copyOf(address.getAddress(), bytes));
    }
}
