package io.p2phost.relay.charfront;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is counted of clients on their way to the char-server. Every label is from a fixed set. */
public final class CharFrontMetrics implements LinkMetrics {
    private static final Logger log = LoggerFactory.getLogger(CharFrontMetrics.class);

    private final Map<DropReason, Counter> dropped = new EnumMap<>(DropReason.class);
    private final Map<Named, Counter> named = new EnumMap<>(Named.class);
    private final Map<Refused, Counter> refused = new EnumMap<>(Refused.class);
    private final Counter letIn;
    private final Counter opaque;
    private final Counter proxyChecks;
    private final AtomicBoolean loopbackSaid = new AtomicBoolean();

    /** Which address a client was told. */
    public enum Named {
        /** This relay's, in place of a front's. */
        OWN,
        /** Another one, as the char-server named it. */
        OTHER,
        /** One of the loopback network, as the char-server named it: hardly what a player can reach. */
        LOOPBACK
    }

    /** Why a connection was ended. */
    public enum Refused {
        /** Its first packet is no client's. */
        NO_CLIENT,
        /** It sent what only map-servers send. */
        INTER_SERVER,
        /** It sent a packet that clients of this version do not have. */
        UNKNOWN_PACKET,
        /** It went on sending before the char-server was there. */
        TOO_EARLY,
        /** The char-server cannot be reached. */
        UNREACHABLE,
        /** Too many wait for the char-server to accept them. */
        QUEUE_FULL,
        /** The char-server did not let it in in time. */
        NOT_LET_IN
    }

    public CharFrontMetrics(MeterRegistry meters) {
        for (DropReason reason : DropReason.values()) {
            dropped.put(
                    reason, meters.counter("p2p_relay_dropped_total", "part", "char_clients", "reason", label(reason)));
        }
        for (Named how : Named.values()) {
            named.put(how, meters.counter("p2p_relay_char_named_total", "address", label(how)));
        }
        for (Refused why : Refused.values()) {
            refused.put(why, meters.counter("p2p_relay_char_refused_total", "reason", label(why)));
        }
        letIn = meters.counter("p2p_relay_char_let_in_total");
        opaque = meters.counter("p2p_relay_char_opaque_total");
        proxyChecks = meters.counter("p2p_relay_char_proxy_checks_total");
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void count(Counter counter) {
        counter.increment();
    }

    @Override
    public void dropped(DropReason reason) {
        Counter counter = dropped.get(reason);
        if (counter != null) {
            count(counter);
        }
    }

    void letIn() {
        letIn.increment();
    }

    void opaque() {
        opaque.increment();
    }

    void proxyChecked() {
        proxyChecks.increment();
    }

    void refused(Refused why) {
        Counter counter = refused.get(why);
        if (counter != null) {
            count(counter);
        }
    }

    void named(Named how, Place to) {
        Counter counter = named.get(how);
        if (counter != null) {
            count(counter);
        }
        if (how == Named.LOOPBACK && loopbackSaid.compareAndSet(false, true)) {
            log.warn(
                    "the char-server sends a client to {} (expected: an address that players reach: the line of"
                            + " 127.0.0.1 in its conf/subnet_athena.conf is for clients who come through here too)",
                    to);
        }
    }
}
