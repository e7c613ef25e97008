package io.p2phost.assignment.ownership;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes a map's owner: the intent is written first, db-proxy decides, its answer is taken over. Whoever finds an
 * intent that was left behind finishes it; asking db-proxy again for the same change does no harm.
 */
public final class Mover {
    private static final Logger log = LoggerFactory.getLogger(Mover.class);

    private final MapStates states;
    private final Arbiter arbiter;
    private final ActiveMaps activeMaps;
    private final Handovers handovers;
    private final InstantSource clock;
    private final Duration intentLease;
    private final Supplier<Duration> readyTimeout;
    private final MeterRegistry meters;

    /**
     * Creates a mover.
     *
     * @param intentLease age from which an intent counts as left behind; longer than any call to db-proxy takes
     * @param readyTimeout how long a new host has to become ready
     */
    public Mover(
            MapStates states,
            Arbiter arbiter,
            ActiveMaps activeMaps,
            Handovers handovers,
            InstantSource clock,
            Duration intentLease,
            Supplier<Duration> readyTimeout,
            MeterRegistry meters) {
        this.states = states;
        this.arbiter = arbiter;
        this.activeMaps = activeMaps;
        this.handovers = handovers;
        this.clock = clock;
        this.intentLease = intentLease;
        this.readyTimeout = readyTimeout;
        this.meters = meters;
    }

    /** Changes the owner to what is wanted when the row is looked at under its lock. */
    public Move move(MapName map, Function<MapState, Optional<Wanted>> decide) {
        Instant now = clock.instant();
        if (!arbiter.reachable()) {
            return new Move.Undecided(states.find(map).orElseGet(() -> MapState.unowned(map)));
        }
        return switch (states.claim(map, decide, now, now.minus(intentLease))) {
            case Claim.Busy busy -> new Move.Busy(busy.state());
            case Claim.Declined declined -> new Move.Declined(declined.state());
            case Claim.HostFull full -> new Move.HostRefused(full.state(), "it carries as many maps as it may");
            case Claim.Claimed claimed -> ask(claimed.state());
        };
    }

    /** Finishes an intent that was left behind. */
    public Move finish(MapState left) {
        Intent old = left.intent();
        if (old == null) {
            return new Move.Declined(left);
        }
        return move(left.map(), state -> {
            Intent intent = state.intent();
            return intent != null && intent.attempt().equals(old.attempt())
                    ? Optional.of(new Wanted(intent.owner(), Integer.MAX_VALUE, intent.cause()))
                    : Optional.empty();
        });
    }

    private Move ask(MapState claimed) {
        Intent intent = Objects.requireNonNull(claimed.intent());
        activeMaps.note(claimed.map(), intent.fromEpoch().value(), intent.owner());
        boolean planned = handovers.planned(claimed.owner(), intent.cause());
        Arbiter.Answer answer =
                arbiter.compareAndSet(claimed.map(), intent.fromEpoch(), intent.owner(), intent.cause(), planned);
        count(intent, answer);
        return switch (answer) {
            case Arbiter.Answer.Changed changed ->
                new Move.Done(settle(claimed, intent, changed.epoch(), changed.owner(), changed.routes()));
            case Arbiter.Answer.Stale stale -> {
                MapState state = settle(claimed, intent, stale.epoch(), stale.owner(), List.of());
                // An earlier try of this very change whose answer was lost.
                boolean ours = Objects.equals(stale.owner(), intent.owner())
                        && stale.epoch().equals(intent.fromEpoch().next());
                yield ours ? new Move.Done(state) : new Move.Adopted(state);
            }
            case Arbiter.Answer.Refused refused -> {
                log.info("{}: {} is refused: {}", claimed.map(), intent.owner(), refused.reason());
                yield new Move.HostRefused(abandon(claimed, intent), refused.reason());
            }
            case Arbiter.Answer.NotAsked notAsked -> new Move.Undecided(abandon(claimed, intent));
            case Arbiter.Answer.Unknown unknown -> {
                log.warn("{}: db-proxy did not answer, the intent stays: {}", claimed.map(), unknown.reason());
                yield new Move.Undecided(claimed);
            }
        };
    }

    private MapState settle(MapState claimed, Intent intent, Epoch epoch, @Nullable Owner owner, List<Route> routes) {
        Instant now = clock.instant();
        Instant deadline = owner != null && owner.isHost() ? now.plus(readyTimeout.get()) : null;
        MapState state = states.settle(claimed.map(), intent.attempt(), epoch, owner, routes, deadline, now);
        if (state.epoch().isBefore(claimed.epoch())) {
            log.warn("{}: db-proxy is at epoch {}, below {}: it lost its rows", claimed.map(), epoch, claimed.epoch());
            activeMaps.correct(claimed.map(), state.epoch().value(), state.owner());
        }
        activeMaps.note(claimed.map(), state.epoch().value(), state.owner());
        log.info("{}: epoch {} belongs to {} ({})", claimed.map(), state.epoch(), state.owner(), intent.cause());
        return state;
    }

    private MapState abandon(MapState claimed, Intent intent) {
        states.abandon(claimed.map(), intent.attempt());
        activeMaps.note(claimed.map(), claimed.epoch().value(), claimed.owner());
        return states.find(claimed.map()).orElse(claimed);
    }

    private void count(Intent intent, Arbiter.Answer answer) {
        Owner owner = intent.owner();
        String to = owner == null ? "none" : owner.isHost() ? "host" : "vps";
        meters.counter(
                        "p2p_assignment_moves_total",
                        "to",
                        to,
                        "result",
                        answer.getClass().getSimpleName())
                .increment();
    }
}
