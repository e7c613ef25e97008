package io.p2phost.assignment.failover;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Move;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.ownership.ReadySignal;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves every map of a lost host to the best other host, else to the VPS. The steps are written first; who reports
 * the same loss again joins them, and a sweep of any instance finishes what another left.
 */
public final class Failovers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Failovers.class);

    /** Clocks of two machines may differ by this much; within it a map counts as owned when the loss was seen. */
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

    /** How long a step waits for somebody else's change of its map before it is left to the sweep. */
    private static final Duration BUSY_WAIT = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int MAX_PARALLEL = 8;

    private final FailoverRows rows;
    private final MapStates states;
    private final Placement placement;
    private final HostIndex index;
    private final ReadySignal signal;
    private final InstantSource clock;
    private final Duration lossPenalty;
    private final MeterRegistry meters;
    private final Timer duration;
    private final Semaphore parallel = new Semaphore(MAX_PARALLEL);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    public Failovers(
            FailoverRows rows,
            MapStates states,
            Placement placement,
            HostIndex index,
            ReadySignal signal,
            InstantSource clock,
            Duration lossPenalty,
            MeterRegistry meters) {
        this.rows = rows;
        this.states = states;
        this.placement = placement;
        this.index = index;
        this.signal = signal;
        this.clock = clock;
        this.lossPenalty = lossPenalty;
        this.meters = meters;
        this.duration = meters.timer("p2p_assignment_failover_seconds");
    }

    /** Writes the steps and goes through them; what is not done when this returns, a sweep does. */
    public Failover report(LossReport report) {
        return run(open(report));
    }

    /** Writes the steps only. */
    public Failover open(LossReport report) {
        meters.counter("p2p_assignment_failovers_total", "cause", report.cause().name())
                .increment();
        Instant now = clock.instant();
        if (report.cause() != LossReport.Cause.HOST_STATE) {
            index.penalise(report.hostId(), now.plus(lossPenalty));
        }
        Map<MapName, Epoch> maps = new LinkedHashMap<>();
        for (MapState state : states.ofHost(report.hostId())) {
            Instant since = state.ownerSince();
            boolean gotLater =
                    since != null && since.isAfter(report.observedAt().plus(CLOCK_SLACK));
            if (state.ownedBy(report.hostId()) && !gotLater) {
                maps.put(state.map(), state.epoch());
            }
        }
        return rows.open(report, maps, now);
    }

    /** Goes through the steps that are not done, several at once. */
    public Failover run(Failover failover) {
        return java.util.Objects.requireNonNull(duration.record(() -> {
            List<Failover.Step> pending =
                    failover.steps().stream().filter(step -> !step.done()).toList();
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
            signal.raise();
            return rows.close(failover.id(), clock.instant());
        }));
    }

    private void take(Failover failover, Failover.Step step) {
        Instant giveUp = clock.instant().plus(BUSY_WAIT);
        Move move = away(failover, step);
        while (move instanceof Move.Busy && clock.instant().isBefore(giveUp) && signal.await(LOOK)) {
            move = away(failover, step);
        }
        MapState state = move.state();
        if (state.ownedBy(failover.hostId()) && state.epoch().equals(step.fromEpoch())) {
            rows.tried(failover.id(), step.map());
        } else {
            rows.done(failover.id(), step.map(), state.epoch(), state.owner(), clock.instant());
        }
    }

    private Move away(Failover failover, Failover.Step step) {
        return placement.away(step.map(), failover.hostId(), failover.cause().name());
    }

    /** Passes hosts over that other instances heard to be lost, and finishes failovers that were left open. */
    public void sweep(Duration leftAfter, int limit) {
        Instant now = clock.instant();
        rows.lostSince(now.minus(lossPenalty)).forEach((host, at) -> index.penalise(host, at.plus(lossPenalty)));
        rows.open(now.minus(leftAfter), limit).forEach(this::run);
    }

    /** Hosts whose state says that they serve nothing, but that own maps. */
    public void takeFrom(HostId host) {
        report(new LossReport(host, "map-assignment", LossReport.Cause.HOST_STATE, clock.instant()));
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
