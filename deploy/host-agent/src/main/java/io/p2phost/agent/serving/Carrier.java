package io.p2phost.agent.serving;

import io.p2phost.agent.Backoff;
import io.p2phost.agent.serving.CharLinks.CharLink;
import io.p2phost.agent.serving.CharLinks.FencedException;
import io.p2phost.agent.serving.MapStatus.Phase;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries one (map, epoch) in a thread of its own until it is stopped or fenced: checks the map-server, opens the char
 * link, says READY once the map-server is logged in over it, and starts again when the link is lost.
 */
final class Carrier implements Runnable {
    /** What the carrier tells; called without any lock held. */
    interface Listener {
        void phase(Carrier carrier, Phase phase, String detail);

        void fenced(Carrier carrier, Epoch currentEpoch);
    }

    /** Between the two looks at a map-server that hung up. */
    private static final Duration DYING = Duration.ofMillis(300);

    private final MapName map;
    private final Cells cells;
    private final Probe probe;
    private final Admission admission;
    private final CharLinks charLinks;
    private final Backoff backoff;
    private final Listener listener;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Claim claim;
    private volatile @Nullable CharLink link;
    private volatile @Nullable Thread thread;
    private volatile @Nullable LocalServer server;
    private volatile Cells.@Nullable Cell cell;
    private volatile boolean atOnce = true;

    private record Claim(Epoch epoch, ClaimRole role) {}

    Carrier(
            MapName map,
            Epoch epoch,
            ClaimRole role,
            @Nullable LocalServer server,
            Cells cells,
            Probe probe,
            Admission admission,
            CharLinks charLinks,
            Backoff backoff,
            Listener listener) {
        this.map = map;
        this.claim = new Claim(epoch, role);
        this.server = server;
        this.cells = cells;
        this.probe = probe;
        this.admission = admission;
        this.charLinks = charLinks;
        this.backoff = backoff;
        this.listener = listener;
    }

    void start() {
        thread = Thread.ofVirtual().name("map-" + map).start(this);
    }

    /** The standby's host owns the map: the link goes on as it is, a further one claims the map. False without a link. */
    boolean promote(Epoch epoch) {
        claim = new Claim(epoch, ClaimRole.PRIMARY);
        return link != null;
    }

    /** Where the map's players go; null while the agent's own map-server for it was not started yet. */
    @Nullable
    LocalServer server() {
        return server;
    }

    /**
     * Ends the carrying; the char link closes at once.
     *
     * @param atOnce whether the agent's own map-server is killed, or may end by itself
     */
    void stop(boolean atOnce) {
        this.atOnce = atOnce;
        stopped.countDown();
        Cells.Cell running = cell;
        if (running != null) {
            running.stop(atOnce);
        }
        closeLink();
        Thread carrying = thread;
        if (carrying != null && !carrying.equals(Thread.currentThread())) {
            carrying.interrupt();
        }
    }

    private void closeLink() {
        CharLink open = link;
        if (open != null) {
            open.close();
        }
    }

    /** Looks twice; waits shortly. False when nobody wants to know any more. */
    boolean serverIsDead() {
        try {
            return deadServer().isPresent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    @Override
    public void run() {
        boolean wasReady = false;
        try {
            while (!isStopped()) {
                Optional<String> obstacle =
                        wasReady ? noServer() : admission.objection().or(this::noServer);
                if (obstacle.isEmpty()) {
                    obstacle = carry(wasReady);
                    wasReady = true;
                }
                if (isStopped()) {
                    return;
                }
                if (obstacle.isPresent()) {
                    listener.phase(this, Phase.NOT_READY, obstacle.get());
                }
                stopped.await(backoff.next().toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (FencedException e) {
            if (!isStopped()) {
                listener.fenced(this, e.currentEpoch());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Stopped while it was being started: whoever stopped us saw no cell yet.
            Cells.Cell left = cell;
            if (left != null) {
                left.stop(atOnce);
            }
        }
    }

    /** What keeps the map from having a map-server; the agent's own one is started if it does not run. */
    private Optional<String> noServer() {
        if (!cells.runs(map)) {
            return unreachable();
        }
        Cells.Cell present = cell;
        if (present != null && present.end().isEmpty()) {
            return Optional.empty();
        }
        try {
            Cells.Cell started = cells.start(map, charLinks.charServerAddress(map), this::closeLink);
            server = started.server();
            cell = started;
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Why the agent's own map-server does not run any more; empty while it does, and for one that is not its own. */
    private Optional<String> ended() {
        Cells.Cell running = cell;
        return running == null ? Optional.empty() : running.end();
    }

    private Optional<String> unreachable() {
        LocalServer known = server;
        if (known == null) {
            return Optional.of("the map-server was not started yet");
        }
        try {
            probe.check(known);
            return Optional.empty();
        } catch (IOException e) {
            return ended().or(() ->
                    Optional.of("the map-server at " + known.address() + " does not answer: " + e.getMessage()));
        }
    }

    /** A map-server that hung up may live and come again; the port of one that is just dying may still answer once. */
    private Optional<String> deadServer() throws InterruptedException {
        Optional<String> obstacle = unreachable();
        if (obstacle.isEmpty() && !stopped.await(DYING.toMillis(), TimeUnit.MILLISECONDS)) {
            obstacle = unreachable();
        }
        return obstacle;
    }

    /** Until the link ends, or its map-server is dead. */
    private Optional<String> attend(CharLink open) throws FencedException, InterruptedException {
        while (true) {
            switch (open.await()) {
                case SERVER_LOGGED_IN -> listener.phase(this, Phase.READY, "");
                case SERVER_LEFT -> {
                    Optional<String> dead = deadServer();
                    if (dead.isPresent()) {
                        // Closing the link tells db-proxy, which would wait for a map-server for ever.
                        return dead;
                    }
                }
                case ENDED -> {
                    // The players stay: the relay's streams do not depend on the char link. The arbiter decides how
                    // long. Unless the link was closed because the map-server ended.
                    return ended();
                }
            }
        }
    }

    /** Holds the char link until it ends. Returns what stands in the way, if it could not be opened. */
    private Optional<String> carry(boolean again) throws FencedException, InterruptedException {
        Claim now = claim;
        try (CharLink opened = charLinks.open(map, now.epoch(), now.role())) {
            link = opened;
            if (isStopped()) {
                return Optional.empty();
            }
            Optional<String> over = ended();
            if (over.isPresent()) {
                return over;
            }
            backoff.reset();
            if (!again) {
                listener.phase(
                        this, Phase.STARTING, "waiting for the map-server to log in at " + opened.charServerAddress());
            }
            return attend(opened);
        } catch (IOException e) {
            return Optional.of("no char link: " + e.getMessage());
        } finally {
            link = null;
        }
    }
}
