package io.p2phost.agent.bundle;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.cell.Bundle;
import io.p2phost.agent.cell.BundleSupply;
import io.p2phost.bundles.BundleException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the store at the release in effect while the agent runs. Map-servers that run stay as they are; the next start
 * takes what is current then, and the store keeps the version before for those that run from it.
 */
public final class BundleKeeper implements BundleSupply, AutoCloseable {
    /** A new release reaches hosts within this time, and a host asks for it no oftener. */
    public static final Duration EVERY = Duration.ofMinutes(2);

    private static final Duration END = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(BundleKeeper.class);

    private final BundleStore store;
    private final Duration every;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().daemon().name("bundles").unstarted(this::keep);
    private volatile Bundle newest;
    private String fault = "";

    private BundleKeeper(BundleStore store, Bundle first, Duration every) {
        this.store = store;
        this.newest = first;
        this.every = every;
    }

    /** Fetches a first bundle if none is here or it was damaged, and follows the releases from then on. */
    public static BundleKeeper open(BundleStore store, Duration every) {
        BundleKeeper keeper = new BundleKeeper(store, first(store), every);
        keeper.thread.start();
        return keeper;
    }

    private static Bundle first(BundleStore store) {
        try {
            return Bundle.read(store.current());
        } catch (IOException | BundleException e) {
            log.info("{}; fetching", e.getMessage());
        }
        try {
            store.update();
            return Bundle.read(store.current());
        } catch (IOException | BundleException e) {
            throw new AgentFailure(
                    e instanceof BundleException ? ExitCode.REFUSED : ExitCode.UNREACHABLE,
                    "no bundle to run maps from: " + e.getMessage() + "; what came is kept, run the same command again",
                    e);
        }
    }

    @Override
    public Bundle bundle() {
        return newest;
    }

    @Override
    public Bundle verified() throws IOException {
        try {
            Path folder = store.current();
            return Bundle.read(folder);
        } catch (BundleException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void keep() {
        try {
            // The first question at once: what is here may be months old.
            do {
                update();
            } while (!closed.await(spread(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hosts that were started together do not ask together. */
    private long spread() {
        long millis = Math.max(every.toMillis(), 2);
        return millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    }

    private void update() {
        try {
            if (store.update()) {
                newest = Bundle.read(store.current());
                log.info("bundle {}: for the next start of each map", newest.version());
            }
            fault = "";
        } catch (IOException | BundleException | AgentFailure e) {
            String said = String.valueOf(e.getMessage());
            if (closed.getCount() > 0 && !said.equals(fault)) {
                log.warn("bundles: {}; maps run from {} on", said, newest.version());
                fault = said;
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
