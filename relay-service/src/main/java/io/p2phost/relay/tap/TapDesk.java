package io.p2phost.relay.tap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.Tap;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each player on a host's map a tap, and adds up on one thread what the taps tell: one observation for each cell and
 * window. The loops that move packets never wait for it: what does not fit into the queue is dropped, and counted.
 */
public final class TapDesk implements Tap.Taps, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TapDesk.class);

    /** Batches that wait. */
    static final int MOST_WAITING = 4_096;

    /** Cells told apart; a host has one for each of its maps. */
    static final int MOST_CELLS = 4_000;

    private static final Duration TURN = Duration.ofMillis(250);

    private final String source;
    private final Duration window;
    private final Observations observations;
    private final InstantSource clock;
    private final Counter dropped;
    private final Counter lost;
    private final Counter failed;
    private final Counter published;
    private final BlockingQueue<Sightings> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    // The one thread only.
    private final Map<Cell, Tally> tallies = new HashMap<>();
    private @Nullable Thread thread;

    /**
     * Prepares the taps.
     *
     * @param source what observations name as theirs
     * @param window how long is added up
     */
    public TapDesk(
            String source, Duration window, Observations observations, InstantSource clock, MeterRegistry meters) {
        this.source = source;
        this.window = window;
        this.observations = observations;
        this.clock = clock;
        this.dropped = meters.counter("p2p_relay_taps_dropped_total", "why", "queue");
        this.lost = meters.counter("p2p_relay_taps_dropped_total", "why", "table");
        this.failed = meters.counter("p2p_relay_taps_dropped_total", "why", "error");
        this.published = meters.counter("p2p_relay_observations_total");
        meters.gauge("p2p_relay_taps_waiting", waiting, BlockingQueue::size);
    }

    /** Begins to add up. */
    public void start() {
        thread = Thread.ofPlatform().name("taps").daemon().start(this::run);
    }

    @Override
    public Tap tap(Destination to, int account, Loop loop) {
        Cell cell = new Cell(HostId.of(to.owner().id()), to.map(), to.epoch());
        return new Eye(cell, account, loop, this::offer);
    }

    void offer(Sightings seen) {
        if (!waiting.offer(seen)) {
            dropped.increment(seen.count());
        }
    }

    /** By the clock, since being woken for each batch costs more than adding it up. */
    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(TURN.toMillis());
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Adds up whatever waits and publishes what is complete, in the caller's thread. */
    void turn() {
        Instant now = clock.instant();
        for (Sightings seen = waiting.poll(); seen != null; seen = waiting.poll()) {
            add(seen, now);
        }
        close(now);
    }

    /** A batch that cannot be added up must not end the thread that adds up all others. */
    private void add(Sightings seen, Instant now) {
        try {
            addUp(seen, now);
        } catch (RuntimeException e) {
            failed.increment(seen.count());
            log.warn("what a player of {} told was lost", seen.cell(), e);
        }
    }

    private void addUp(Sightings seen, Instant now) {
        Tally tally = tallies.get(seen.cell());
        if (tally == null && tallies.size() < MOST_CELLS) {
            tally = new Tally(now);
            tallies.put(seen.cell(), tally);
        }
        lost.increment(tally == null ? seen.count() : tally.add(seen, now));
    }

    private void close(Instant now) {
        Iterator<Map.Entry<Cell, Tally>> each = tallies.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Cell, Tally> next = each.next();
            Tally tally = next.getValue();
            Instant from = tally.from();
            if (now.isBefore(from.plus(window))) {
                continue;
            }
            List<Fact> facts = facts(next.getKey(), tally, now);
            if (facts.isEmpty()) {
                // Nobody told anything for as long: nobody is there.
                each.remove();
            } else {
                publish(next.getKey(), from, now, facts);
            }
        }
    }

    /** None of a tally that cannot be closed, which is then thrown away. */
    private List<Fact> facts(Cell cell, Tally tally, Instant now) {
        try {
            return tally.close(now);
        } catch (RuntimeException e) {
            failed.increment();
            log.warn("what was told of {} is lost", cell, e);
            return List.of();
        }
    }

    private void publish(Cell cell, Instant from, Instant to, List<Fact> facts) {
        try {
            observations.publish(new Observation(
                    UUID.randomUUID().toString(), source, cell.host(), cell.map(), cell.epoch(), from, to, facts));
            published.increment();
        } catch (RuntimeException e) {
            log.warn("an observation of {} was lost", cell, e);
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
