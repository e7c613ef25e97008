package io.p2phost.assignment.failover;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.p2phost.assignment.failover.Failover.Decision;
import io.p2phost.assignment.ownership.Intent;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Move;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.ownership.ReadySignal;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.standby.Connected;
import io.p2phost.assignment.standby.Standby;
import io.p2phost.assignment.standby.Standbys;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves every map of a lost host to its standby, else to the VPS, where players are at once. The steps are written
 * first, then what the other observers say of the host; who reports the same loss again joins them, and a sweep of any
 * instance finishes what another left, wherever it was left.
 */
public final class Failovers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Failovers.class);

    /** Clocks of two machines may differ by this much; within it a map counts as owned when the loss was seen. */
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

    /** How long a step waits for somebody else's change of its map before it is left to the sweep. */
    private static final Duration BUSY_WAIT = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(20);

    /** Pause between two questions whether a host whose tunnel broke is back. */
    private static final Duration LOOK_FOR_HOST = Duration.ofMillis(100);

    private static final int MAX_PARALLEL = 8;

    /** A failover that ends just when another report joins it is opened anew; more often it is left to the sweep. */
    private static final int MAX_OPENINGS = 3;

    private final Parts parts;
    private final LossJudge judge;
    private final InstantSource clock;
    private final Duration lossPenalty;
    private final MeterRegistry meters;
    private final Timer duration;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Semaphore parallel = new Semaphore(MAX_PARALLEL);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /** What failovers are made with. */
    public record Parts(
            FailoverRows rows,
            MapStates states,
            Placement placement,
            HostIndex index,
            Standbys standbys,
            Connected connected,
            Observers observers,
            Carrier carrier,
            ReadySignal signal) {}

    public Failovers(
            Parts parts, LossJudge.Rules rules, InstantSource clock, Duration lossPenalty, MeterRegistry meters) {
        this.parts = parts;
        this.judge = new LossJudge(rules);
        this.clock = clock;
        this.lossPenalty = lossPenalty;
        this.meters = meters;
        this.duration = meters.timer("p2p_assignment_failover_seconds");
    }

    /** Writes the steps, decides and goes through them; what is not done when this returns, a sweep does. */
    public Failover report(LossReport report) {
        Failover failover = decide(open(report));
        for (int i = 1; i < MAX_OPENINGS && failover.decision() == Decision.STAY && joined(failover, report); i++) {
            failover = decide(open(report));
        }
        return run(failover);
    }

    /** Whether that failover was decided for another's report. */
    private static boolean joined(Failover failover, LossReport report) {
        return !failover.reporter().equals(report.reporter());
    }

    /** Writes the steps only. */
    public Failover open(LossReport report) {
        meters.counter("p2p_assignment_failovers_total", "cause", report.cause().name())
                .increment();
        Map<MapName, Epoch> maps = new LinkedHashMap<>();
        Instant latest = report.observedAt().plus(CLOCK_SLACK);
        for (MapState state : parts.states().ofHost(report.hostId())) {
            Instant since = state.ownerSince();
            Intent intent = state.intent();
            if (state.ownedBy(report.hostId())) {
                if (since == null || !since.isAfter(latest)) {
                    maps.put(state.map(), state.epoch());
                }
            } else if (intent != null && !intent.at().isAfter(latest)) {
                // It is about to get the map: the step waits for that change.
                maps.put(state.map(), intent.fromEpoch().next());
            }
        }
        return parts.rows().open(report, maps, clock.instant());
    }

    /** Asks the other observers what they hear of the host, and writes down what follows. */
    private Failover decide(Failover failover) {
        boolean held = failover.decision() == Decision.HOLD;
        if (failover.decision() != null && !held) {
            return failover;
        }
        Instant now = clock.instant();
        if (failover.waitsAt(now)) {
            return failover;
        }
        // Whom the registry took out must go, whoever hears him.
        boolean ask = failover.cause() != LossReport.Cause.HOST_STATE
                && !parts.placement().lost(Owner.host(failover.hostId()));
        Observers.Heard heard = ask
                ? parts.observers().ask(failover.hostId(), held ? Set.of() : Set.of(failover.reporter()))
                : Observers.Heard.BY_NOBODY;
        if (failover.cause() == LossReport.Cause.TUNNEL_LOST && !held) {
            heard = whileItMayComeBack(failover, heard);
            heard = carried(failover, heard);
        }
        int lost = ask ? lostAtOnce(failover) : 0;
        Decision decision = !ask
                ? Decision.GO_ON
                : judge.judge(failover.cause(), heard, lost, parts.index().readyHosts(), held);
        if (failover.cause() != LossReport.Cause.HOST_STATE && decision != Decision.STAY) {
            parts.index().penalise(failover.hostId(), failover.startedAt().plus(lossPenalty));
        }
        Instant until = decision == Decision.HOLD ? now.plus(judge.rules().hold()) : null;
        Failover decided = parts.rows().decide(failover.id(), decision, until, now);
        if (decided.decision() == decision && decision != Decision.GO_ON) {
            log.info(
                    "host {}: {} reported {}, heard by relays {} and db-proxy {}: {}",
                    failover.hostId(),
                    failover.reporter(),
                    failover.cause(),
                    heard.relays(),
                    heard.dbProxy(),
                    decision);
        }
        meters.counter("p2p_assignment_failover_decisions_total", "decision", decision.name())
                .increment();
        return decided;
    }

    /**
     * A host that was killed loses its char links and its other tunnels with that one: one that somebody hears lives, and
     * makes another tunnel, on which the reporter's players go on. The reporter is asked too from now on.
     */
    private Observers.Heard whileItMayComeBack(Failover failover, Observers.Heard first) {
        Observers.Heard heard = first;
        long looks = judge.rules().comeBack().dividedBy(LOOK_FOR_HOST);
        for (long i = 0; i < looks && isAwaited(failover, heard) && waited(LOOK_FOR_HOST); i++) {
            heard = parts.observers().ask(failover.hostId(), Set.of());
        }
        return heard;
    }

    private static boolean isAwaited(Failover failover, Observers.Heard heard) {
        return heard.byAnybody() && !heard.relays().contains(failover.reporter());
    }

    /** Others hear it and the reporter does not: its players go on through one of them, or nobody's do. */
    private Observers.Heard carried(Failover failover, Observers.Heard heard) {
        boolean others = !heard.relays().isEmpty() && !heard.relays().contains(failover.reporter());
        if (!others) {
            return heard;
        }
        boolean taken = parts.carrier().carry(failover.hostId(), failover.reporter(), heard.relays());
        meters.counter("p2p_assignment_carries_total", "outcome", taken ? "carried" : "refused")
                .increment();
        return taken ? heard : new Observers.Heard(Set.of(), heard.dbProxy());
    }

    /** False when nobody waits any more. */
    private boolean waited(Duration time) {
        try {
            return !closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Hosts that were said to be lost within the window and that the registry has not noticed to be. */
    private int lostAtOnce(Failover failover) {
        Instant since = failover.startedAt().minus(judge.rules().window());
        return Math.toIntExact(parts.rows().lostSince(since).keySet().stream()
                .filter(host -> parts.index().stateOf(host).orElse(HostLifeState.OFFLINE) == HostLifeState.READY)
                .count());
    }

    /** Goes through the steps that are not done, several at once; those that wait only if their standby lives. */
    private Failover run(Failover failover) {
        if (failover.decision() == Decision.STAY) {
            return failover;
        }
        boolean waits = failover.waitsAt(clock.instant());
        return Objects.requireNonNull(duration.record(() -> {
            List<Failover.Step> pending = failover.steps().stream()
                    .filter(step -> !step.done() && (!waits || standbyLives(step.map())))
                    .toList();
            CountDownLatch left = new CountDownLatch(pending.size());
            for (Failover.Step step : pending) {
                executor.execute(() -> {
                    try {
                        parallel.acquire();
                        try {
                            take(failover, step);
                        } finally {
                            parallel.release();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        log.warn("{}: step of failover {} failed and is tried again", step.map(), failover.id(), e);
                    } finally {
                        left.countDown();
                    }
                });
            }
            try {
                left.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            parts.signal().raise();
            return parts.rows().close(failover.id(), clock.instant());
        }));
    }

    /** Whether somebody hears the map's standby this very moment. */
    private boolean standbyLives(MapName map) {
        return standbyOf(map)
                .filter(standby -> parts.connected().is(standby)
                        && parts.observers().ask(standby.host(), Set.of()).byAnybody())
                .isPresent();
    }

    private Optional<Standby> standbyOf(MapName map) {
        return parts.standbys().find(map);
    }

    private void take(Failover failover, Failover.Step step) {
        Instant giveUp = clock.instant().plus(BUSY_WAIT);
        @Nullable
        HostId standby = standbyOf(step.map())
                .filter(parts.connected()::is)
                .map(Standby::host)
                .orElse(null);
        Move move = away(failover, step, standby);
        while (move instanceof Move.Busy
                && clock.instant().isBefore(giveUp)
                && parts.signal().await(LOOK)) {
            move = away(failover, step, standby);
        }
        MapState state = move.state();
        boolean there = state.ownedBy(failover.hostId()) && state.epoch().compareTo(step.fromEpoch()) <= 0;
        if (there || aboutToGet(state, failover.hostId())) {
            parts.rows().tried(failover.id(), step.map());
        } else {
            parts.rows().done(failover.id(), step.map(), state.epoch(), state.owner(), clock.instant());
        }
    }

    private static boolean aboutToGet(MapState state, HostId host) {
        Intent intent = state.intent();
        return intent != null && intent.owner() != null && intent.owner().isHost(host);
    }

    private Move away(Failover failover, Failover.Step step, @Nullable HostId standby) {
        boolean served = failover.cause() == LossReport.Cause.HOST_STATE
                && parts.index().stateOf(failover.hostId()).orElse(HostLifeState.OFFLINE) == HostLifeState.DRAINING;
        return parts.placement().away(step.map(), failover.hostId(), failover.moveCause(), standby, served);
    }

    /** Passes hosts over that other instances heard to be lost, and finishes failovers that were left open. */
    public void sweep(Duration leftAfter, int limit) {
        Instant now = clock.instant();
        parts.rows()
                .lostSince(now.minus(lossPenalty))
                .forEach((host, at) -> parts.index().penalise(host, at.plus(lossPenalty)));
        parts.rows().open(now.minus(leftAfter), now, limit).forEach(left -> run(decide(left)));
    }

    /** Hosts whose state says that they serve nothing, but that own maps. */
    public void takeFrom(HostId host) {
        report(new LossReport(host, "map-assignment", LossReport.Cause.HOST_STATE, clock.instant()));
    }

    @Override
    public void close() {
        closed.countDown();
        executor.shutdownNow();
    }
}
