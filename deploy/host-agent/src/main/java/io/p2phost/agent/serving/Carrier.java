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
    private final LocalServer server;
    private final Probe probe;
    private final Admission admission;
    private final CharLinks charLinks;
    private final Backoff backoff;
    private final Listener listener;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Claim claim;
    private volatile @Nullable CharLink link;
    private volatile @Nullable Thread thread;

    private record Claim(Epoch epoch, ClaimRole role) {}

    Carrier(
            MapName map,
            Epoch epoch,
            ClaimRole role,
            LocalServer server,
            Probe probe,
            Admission admission,
            CharLinks charLinks,
            Backoff backoff,
            Listener listener) {
        this.map = map;
        this.claim = new Claim(epoch, role);
        this.server = server;
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

    /** Ends the carrying; the char link closes at once. */
    void stop() {
        stopped.countDown();
        CharLink open = link;
        if (open != null) {
            open.close();
        }
        Thread running = thread;
        if (running != null && !running.equals(Thread.currentThread())) {
            running.interrupt();
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
                        wasReady ? unreachable() : admission.objection().or(this::unreachable);
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
        }
    }

    private Optional<String> unreachable() {
        try {
            probe.check(server);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the map-server at " + server.address() + " does not answer: " + e.getMessage());
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
                    // long.
                    return Optional.empty();
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
