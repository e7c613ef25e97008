package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.Players;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the rows of ownership every second: a change that another instance decided, or whose telling was lost. */
final class OwnerWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OwnerWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final MapOwners owners;
    private final Players players;
    private final Map<MapName, Epoch> told = new HashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    OwnerWatch(MapOwners owners, Players players) {
        this.owners = owners;
        this.players = players;
    }

    /** Begins; these rows are known already. */
    void start(List<MapOwner> known) {
        known.forEach(row -> told.put(row.map(), row.epoch()));
        Thread.ofVirtual().name("owner-watch").start(this::watch);
    }

    private void watch() {
        try {
            while (!stopped.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look();
                } catch (RuntimeException e) {
                    log.warn("owners cannot be read now: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        for (MapOwner row : owners.all()) {
            if (!row.epoch().equals(told.put(row.map(), row.epoch()))) {
                players.ownerIs(row);
            }
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
