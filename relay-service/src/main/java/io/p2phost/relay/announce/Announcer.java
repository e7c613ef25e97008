package io.p2phost.relay.announce;

import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says every few seconds that this relay is alive, and takes over the routes that db-proxy answers with: what a lost
 * push did not bring, this does.
 */
public final class Announcer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Announcer.class);

    private final Peers peers;
    private final RouteTable routes;
    private final Duration every;
    private volatile boolean running = true;
    private volatile boolean known;

    public Announcer(Peers peers, RouteTable routes, Duration every) {
        this.peers = peers;
        this.routes = routes;
        this.every = every;
    }

    /** Begins to announce, in a thread of its own. */
    public void start() {
        Thread.ofVirtual().name("announcer").start(() -> {
            while (running) {
                announceOnce();
                LockSupport.parkNanos(every.toNanos());
            }
        });
    }

    void announceOnce() {
        boolean told = peers.tellRegistry();
        List<Route> owners = peers.tellDbProxy();
        owners.forEach(routes::offer);
        if (told != known) {
            known = told;
            log.info("the registry {}", told ? "knows this relay" : "cannot be told of this relay");
        }
    }

    /** Whether the registry was reached at the last attempt. */
    public boolean isKnown() {
        return known;
    }

    @Override
    public void close() {
        running = false;
    }

    /** Who is told. Neither call throws: whoever is away is told again at the next turn. */
    public interface Peers {
        /** Whether the registry was reached. */
        boolean tellRegistry();

        /** Every route in effect; none when db-proxy was not reached. */
        List<Route> tellDbProxy();
    }
}
