package io.p2phost.standalone.suite;

import io.p2phost.standalone.Refusal;
import io.p2phost.standalone.part.Part;
import io.p2phost.standalone.part.PartFailure;
import io.p2phost.standalone.suite.SuiteStatus.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All parts together: started in order, two at a time; watched and started again one by one; stopped in reverse order.
 * Whoever starts a suite must also stop it, also when the start failed.
 */
public final class Suite {
    private static final Logger log = LoggerFactory.getLogger(Suite.class);

    /** More at once only makes them wait for one another on two cores. */
    private static final int STARTS_AT_A_TIME = 2;

    private static final Duration READY_DEADLINE = Duration.ofMinutes(3);
    private static final Duration READY_POLL = Duration.ofMillis(100);
    private static final Duration WATCH_EVERY = Duration.ofSeconds(1);
    private static final Duration STARTERS_PATIENCE = Duration.ofSeconds(30);

    private final List<Part> infrastructure;
    private final List<Part> services;
    private final Board board;
    private final InstantSource clock;
    private final ExecutorService starters;
    private final Map<String, BackOff> backOffs = new ConcurrentHashMap<>();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> beingRestarted = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * @param infrastructure started first, all together, in the order in which they are stopped last
     * @param services started when the infrastructure is up
     */
    public Suite(List<Part> infrastructure, List<Part> services, Board board, InstantSource clock) {
        this.infrastructure = List.copyOf(infrastructure);
        this.services = List.copyOf(services);
        this.board = board;
        this.clock = clock;
        this.starters = Executors.newFixedThreadPool(
                STARTS_AT_A_TIME,
                Thread.ofPlatform().name("starter-", 1).daemon().factory());
    }

    /** Starts everything and returns when everything is ready. */
    public void start() throws Refusal, InterruptedException {
        try {
            startInfrastructure();
            startServices();
            board.phase(Phase.READY);
        } catch (PartFailure e) {
            throw new Refusal(e.sentence().endsWith(".") ? e.sentence() : e.sentence() + ".", e);
        }
    }

    /** Looks after the parts until {@link #stop} is called, and returns when it has finished. */
    public void watch() throws InterruptedException {
        while (!stopAsked.await(WATCH_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            for (Part part : all()) {
                if (!beingRestarted.contains(part.name())
                        && board.part(part.name()).state() == PartState.READY) {
                    part.death().ifPresent(why -> died(part, why));
                }
            }
        }
        stopped.await();
    }

    /** Stops in reverse order what was started. Later callers wait for the first. */
    public void stop() {
        if (!stopping.compareAndSet(false, true)) {
            awaitStopped();
            return;
        }
        stopAsked.countDown();
        board.phase(Phase.STOPPING);
        starters.shutdownNow();
        try {
            if (!starters.awaitTermination(STARTERS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("a start does not end; stopping without it");
            }
        } catch (InterruptedException e) {
            log.warn("interrupted while stopping; going on");
        }
        for (Part part : all().reversed()) {
            if (begun.contains(part.name())) {
                board.stopping(part.name());
                try {
                    part.stop();
                } catch (RuntimeException e) {
                    log.error("{} did not stop cleanly", part.name(), e);
                }
                board.stopped(part.name());
            }
        }
        board.phase(Phase.STOPPED);
        stopped.countDown();
    }

    private void awaitStopped() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startInfrastructure() throws PartFailure, InterruptedException {
        ExecutorCompletionService<Part> starts = new ExecutorCompletionService<>(starters);
        infrastructure.forEach(part -> starts.submit(() -> startOne(part)));
        for (int i = 0; i < infrastructure.size(); i++) {
            Part part = await(starts.take());
            board.ready(part.name(), sinceState(part), part.pid());
        }
    }

    /** A start holds its slot until the service is up; becoming ready (which may need its peers) does not. */
    private void startServices() throws PartFailure, InterruptedException {
        ExecutorCompletionService<Part> starts = new ExecutorCompletionService<>(starters);
        services.forEach(part -> starts.submit(() -> startOne(part)));
        Set<Part> up = new HashSet<>();
        List<Part> notReady = new ArrayList<>(services);
        long deadline = System.nanoTime() + READY_DEADLINE.toNanos();
        while (!notReady.isEmpty()) {
            Future<Part> started = starts.poll(READY_POLL.toMillis(), TimeUnit.MILLISECONDS);
            if (started != null) {
                up.add(await(started));
            }
            List<Part> nowReady = notReady.stream()
                    .filter(part -> up.contains(part) && part.ready())
                    .toList();
            nowReady.forEach(part -> board.ready(part.name(), sinceState(part), part.pid()));
            notReady.removeAll(nowReady);
            for (Part part : notReady) {
                Optional<String> death = up.contains(part) ? part.death() : Optional.empty();
                if (death.isPresent()) {
                    throw new PartFailure(part.name() + " ended before it was ready: " + death.get());
                }
            }
            if (!notReady.isEmpty() && System.nanoTime() - deadline >= 0) {
                throw new PartFailure(notReady.getFirst().name() + " was not ready in " + READY_DEADLINE.toSeconds()
                        + " s: its readiness answers other than 200");
            }
        }
    }

    private Part startOne(Part part) throws PartFailure, InterruptedException {
        begun.add(part.name());
        board.starting(part.name());
        part.start();
        return part;
    }

    private static Part await(Future<Part> start) throws PartFailure, InterruptedException {
        try {
            return start.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PartFailure failure) {
                throw failure;
            }
            if (e.getCause() instanceof InterruptedException) {
                throw (InterruptedException) new InterruptedException("start interrupted").initCause(e);
            }
            log.error("a start failed", e.getCause());
            throw new PartFailure("A part failed to start: " + e.getCause(), e);
        }
    }

    private void died(Part part, String why) {
        if (stopping.get()) {
            return;
        }
        Duration readyFor = sinceState(part);
        Optional<Duration> pause =
                backOffs.computeIfAbsent(part.name(), name -> new BackOff()).next(readyFor);
        if (pause.isEmpty()) {
            part.stop();
            board.failed(part.name(), why + "; given up after " + BackOff.MAX_ATTEMPTS + " restarts in a row");
            return;
        }
        board.restarting(part.name(), why + "; starts again in " + pause.get().toSeconds() + " s");
        beingRestarted.add(part.name());
        Thread.ofPlatform().name("restart " + part.name()).daemon().start(() -> restart(part, pause.get()));
    }

    private void restart(Part part, Duration pause) {
        try {
            part.stop();
            if (stopAsked.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            starters.submit(() -> startOne(part)).get();
            awaitReady(part);
            board.ready(part.name(), sinceState(part), part.pid());
            beingRestarted.remove(part.name());
        } catch (ExecutionException e) {
            died(part, e.getCause() instanceof PartFailure failure ? failure.sentence() : String.valueOf(e.getCause()));
        } catch (PartFailure e) {
            died(part, e.sentence());
        } catch (InterruptedException | RejectedExecutionException e) {
            log.info("restart of {} given up: the suite stops", part.name());
        }
    }

    private void awaitReady(Part part) throws PartFailure, InterruptedException {
        long deadline = System.nanoTime() + READY_DEADLINE.toNanos();
        while (!part.ready()) {
            Optional<String> death = part.death();
            if (death.isPresent()) {
                throw new PartFailure(death.get());
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new PartFailure("not ready in " + READY_DEADLINE.toSeconds() + " s");
            }
            if (stopAsked.await(READY_POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("the suite stops");
            }
        }
    }

    private Duration sinceState(Part part) {
        Instant since = board.part(part.name()).since();
        return Duration.between(since, clock.instant());
    }

    private List<Part> all() {
        List<Part> all = new ArrayList<>(infrastructure);
        all.addAll(services);
        return all;
    }
}
