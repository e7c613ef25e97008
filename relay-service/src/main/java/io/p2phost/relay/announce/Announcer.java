package io.p2phost.relay.announce;

import io.p2phost.contracts.event.RelaySessions;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says every few seconds that this relay is alive: to the registry, which names it to hosts, and to db-proxy, whose
 * answer is every route in effect: what a lost push did not bring, this does. Each has its own thread, so that one that
 * hangs does not silence the other. Load goes out at the same pace.
 */
public final class Announcer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Announcer.class);

    private final Peers peers;
    private final RouteTable routes;
    private final Timing timing;
    private final Runnable unconfirmed;
    private final Supplier<Optional<String>> tunnelProblem;
    private final Supplier<RelaySessions> load;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean registryKnows;
    private volatile boolean dbProxyKnows;

    // The thread that tells db-proxy only.
    private long confirmedAt;
    private boolean unconfirmedTold;

    /**
     * How often, and how long db-proxy may be silent.
     *
     * @param every between two announcements
     * @param confirmWithin db-proxy unheard for longer, routes to hosts count no more
     * @param nanoTime a clock that only goes forward
     */
    public record Timing(Duration every, Duration confirmWithin, LongSupplier nanoTime) {}

    /**
     * Prepares the announcing.
     *
     * @param tunnelProblem why hosts cannot connect now; while there is a reason, hosts are not sent here
     * @param unconfirmed told when db-proxy was not heard for too long, once until it is heard again
     * @param load the relay's load now
     */
    public Announcer(
            Peers peers,
            RouteTable routes,
            Timing timing,
            Supplier<Optional<String>> tunnelProblem,
            Runnable unconfirmed,
            Supplier<RelaySessions> load) {
        this.peers = peers;
        this.routes = routes;
        this.timing = timing;
        this.unconfirmed = unconfirmed;
        this.confirmedAt = timing.nanoTime().getAsLong();
        this.tunnelProblem = tunnelProblem;
        this.load = load;
    }

    /** Begins to announce. */
    public void start() {
        Thread.ofVirtual().name("announce-to-registry").start(() -> repeat(this::tellRegistry));
        Thread.ofVirtual().name("announce-to-db-proxy").start(() -> repeat(this::tellDbProxy));
        Thread.ofVirtual().name("announce-load").start(() -> repeat(() -> peers.tellLoad(load.get())));
    }

    private void repeat(Runnable turn) {
        try {
            do {
                try {
                    turn.run();
                } catch (RuntimeException e) {
                    log.error("announcing failed, going on", e);
                }
            } while (!stopped.await(timing.every().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void tellRegistry() {
        boolean told = tunnelProblem.get().isEmpty() && peers.tellRegistry();
        if (told != registryKnows) {
            registryKnows = told;
            log.info("the registry {}", told ? "knows this relay" : "is not told of this relay");
        }
    }

    void tellDbProxy() {
        Optional<List<Route>> owners = peers.tellDbProxy();
        owners.ifPresent(known -> known.forEach(routes::offer));
        confirm(owners.isPresent());
        if (owners.isPresent() != dbProxyKnows) {
            dbProxyKnows = owners.isPresent();
            log.info("db-proxy {}", dbProxyKnows ? "told this relay its routes" : "cannot be reached");
        }
    }

    /** A relay that is cut off may be the only one that does not know of a new owner. */
    private void confirm(boolean heard) {
        long now = timing.nanoTime().getAsLong();
        if (heard) {
            confirmedAt = now;
            unconfirmedTold = false;
        } else if (!unconfirmedTold
                && now - confirmedAt >= timing.confirmWithin().toNanos()) {
            unconfirmedTold = true;
            log.warn("db-proxy not heard for {}: players on hosts wait until it is back", timing.confirmWithin());
            unconfirmed.run();
        }
    }

    /** Whether the registry was told at the last attempt. */
    public boolean isRegistryTold() {
        return registryKnows;
    }

    /** Whether db-proxy answered at the last attempt. */
    public boolean isDbProxyTold() {
        return dbProxyKnows;
    }

    @Override
    public void close() {
        stopped.countDown();
    }

    /** Who is told. No call throws: whoever is away is told again at the next turn. */
    public interface Peers {
        /** Whether the registry was reached. */
        boolean tellRegistry();

        /** Every route in effect; empty when db-proxy was not reached. */
        Optional<List<Route>> tellDbProxy();

        /** Whoever wants to know the load. */
        void tellLoad(RelaySessions load);
    }
}
