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

/**
 * Who may connect: a ceiling of all connections, one per address, and a rate per address. An IPv6 address counts by its
 * /64, which one person has. The table of addresses is bounded: idle ones make room, and when none is idle an unknown
 * address is refused, so that a flood costs those who are connected nothing. Thread-safe.
 */
public final class AddressLimits {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final Rules rules;
    private final LongSupplier nanoTime;
    private final Map<ByteBuffer, Visitor> visitors = new LinkedHashMap<>(16, 0.75f, true);
    private int total;

    /**
     * The limits.
     *
     * @param maxTotal connections at once
     * @param maxPerAddress connections at once from one address
     * @param perSecond new connections a second from one address, over time
     * @param burst new connections at once from one address that was quiet
     * @param maxAddresses addresses remembered
     */
    public record Rules(int maxTotal, int maxPerAddress, double perSecond, int burst, int maxAddresses) {
        public Rules {
            if (maxTotal < 1 || maxPerAddress < 1 || perSecond <= 0 || burst < 1 || maxAddresses < 1) {
                throw new IllegalArgumentException("limits: " + maxTotal + ", " + maxPerAddress + ", " + perSecond
                        + ", " + burst + ", " + maxAddresses + " (expected: all positive)");
            }
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

        void refill(Rules rules, long now) {
            tokens = Math.min(rules.burst(), tokens + (now - refilledAt) / NANOS_PER_SECOND * rules.perSecond());
            refilledAt = now;
        }

        /** Forgetting such a one changes nothing: it would come back with the same rights. */
        boolean isIdle(Rules rules, long now) {
            return connections == 0
                    && tokens + (now - refilledAt) / NANOS_PER_SECOND * rules.perSecond() >= rules.burst();
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
    }

    /** Admits a connection, which must be given back by {@link #release}; or says why not. */
    public synchronized Optional<DropReason> admit(InetAddress address) {
        if (total >= rules.maxTotal()) {
            return Optional.of(DropReason.CONNECTION_LIMIT);
        }
        long now = nanoTime.getAsLong();
        ByteBuffer key = key(address);
        Visitor visitor = visitors.get(key);
        if (visitor == null) {
            if (visitors.size() >= rules.maxAddresses() && !forgetOne(now)) {
                return Optional.of(DropReason.ADDRESS_TABLE_FULL);
            }
            visitor = new Visitor(rules.burst(), now);
            visitors.put(key, visitor);
        }
        visitor.refill(rules, now);
        if (visitor.tokens < 1) {
            return Optional.of(DropReason.ADDRESS_RATE);
        }
        visitor.tokens -= 1;
        if (visitor.connections >= rules.maxPerAddress()) {
            return Optional.of(DropReason.ADDRESS_LIMIT);
        }
        visitor.connections++;
        total++;
        return Optional.empty();
    }

    /** Gives an admitted connection back. */
    public synchronized void release(InetAddress address) {
        Visitor visitor = visitors.get(key(address));
        if (visitor != null && visitor.connections > 0) {
            visitor.connections--;
            total--;
        }
    }

    /** Connections admitted now. */
    public synchronized int connections() {
        return total;
    }

    /** Addresses remembered now. */
    public synchronized int addresses() {
        return visitors.size();
    }

    /** Looks at a few of the longest unseen only: a full table must not make each refusal expensive. */
    private boolean forgetOne(long now) {
        int looked = 0;
        var oldest = visitors.entrySet().iterator();
        while (oldest.hasNext() && looked++ < 8) {
            if (oldest.next().getValue().isIdle(rules, now)) {
                oldest.remove();
                return true;
            }
        }
        return false;
    }

    private static ByteBuffer key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
    }
}
