package io.p2phost.assignment.entry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.entry.Chooser.Chosen;
import io.p2phost.assignment.entry.DecisionAnswer.Decision;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The decision for a map on which a player stands already, on the reserve: a host is chosen as for an entry, but nobody
 * waits for it. Who asks for a map that is being decided at this moment is told so at once, and so is who asks while as
 * many maps as may be are being decided.
 */
public final class Decisions {
    /** Maps decided at once; more wait for their next player. */
    static final int MAX_IN_FLIGHT = 16;

    private final BiFunction<MapEntry, @Nullable String, Chosen> chooser;
    private final Function<MapName, Optional<MapEntry>> catalogue;
    private final KeptAnswers<DecisionAnswer> answers;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Timer duration;
    private final Set<MapName> inFlight = ConcurrentHashMap.newKeySet();
    private final Semaphore slots = new Semaphore(MAX_IN_FLIGHT);

    public Decisions(
            Chooser chooser,
            Catalogues catalogues,
            KeptAnswers<DecisionAnswer> answers,
            InstantSource clock,
            MeterRegistry meters) {
        this(
                (entry, region) -> chooser.choose(entry, region, clock.instant()),
                catalogues::find,
                answers,
                clock,
                meters);
    }

    /** @param chooser waits for nobody's change of the map */
    Decisions(
            BiFunction<MapEntry, @Nullable String, Chosen> chooser,
            Function<MapName, Optional<MapEntry>> catalogue,
            KeptAnswers<DecisionAnswer> answers,
            InstantSource clock,
            MeterRegistry meters) {
        this.chooser = chooser;
        this.catalogue = catalogue;
        this.answers = answers;
        this.clock = clock;
        this.meters = meters;
        this.duration = meters.timer("p2p_assignment_decision_seconds");
        meters.gauge("p2p_assignment_decisions_in_flight", inFlight, Set::size);
    }

    /** Decides; the same request again gets the same answer. Empty when its id was used for another one. */
    public Optional<DecisionAnswer> decide(EntryRequest request) {
        return Objects.requireNonNull(duration.record(() -> {
            Optional<KeptAnswers.Kept<DecisionAnswer>> kept = answers.find(request.requestId());
            if (kept.isPresent()) {
                return kept.filter(k -> k.isFor(request)).map(KeptAnswers.Kept::answer);
            }
            MapEntry entry = catalogue.apply(request.map()).orElse(null);
            if (entry == null) {
                return Optional.of(counted(onVps(Reason.UNKNOWN_MAP)));
            }
            return alone(request, entry);
        }));
    }

    /** One decision a map at a time; what is said meanwhile is no decision, so it is not kept. */
    private Optional<DecisionAnswer> alone(EntryRequest request, MapEntry entry) {
        if (!inFlight.add(entry.map())) {
            return Optional.of(counted(new DecisionAnswer(Decision.ASSIGNING, Reason.BUSY, null)));
        }
        try {
            if (!slots.tryAcquire()) {
                return Optional.of(counted(onVps(Reason.BUSY)));
            }
            try {
                return kept(request, answer(chooser.apply(entry, request.region())));
            } finally {
                slots.release();
            }
        } finally {
            inFlight.remove(entry.map());
        }
    }

    private Optional<DecisionAnswer> kept(EntryRequest request, DecisionAnswer answer) {
        KeptAnswers.Kept<DecisionAnswer> kept = answers.keep(request, counted(answer), clock.instant());
        return Optional.of(kept).filter(k -> k.isFor(request)).map(KeptAnswers.Kept::answer);
    }

    private static DecisionAnswer answer(Chosen chosen) {
        return switch (chosen) {
            case Chosen.Hosted hosted ->
                hosted.state().ready()
                        ? new DecisionAnswer(Decision.HOST, Reason.ASSIGNED, host(hosted.state()))
                        : new DecisionAnswer(Decision.ASSIGNING, Reason.HOST_NOT_READY, host(hosted.state()));
            case Chosen.Changing changing -> new DecisionAnswer(Decision.ASSIGNING, Reason.BUSY, null);
            case Chosen.Home home -> onVps(home.reason());
            case Chosen.Never never -> onVps(never.reason());
        };
    }

    private static @Nullable HostId host(MapState state) {
        return state.hostOwned()
                ? HostId.of(Objects.requireNonNull(state.owner()).id())
                : null;
    }

    private static DecisionAnswer onVps(Reason reason) {
        return new DecisionAnswer(Decision.VPS, reason, null);
    }

    private DecisionAnswer counted(DecisionAnswer answer) {
        meters.counter(
                        "p2p_assignment_decisions_total",
                        "decision",
                        answer.decision().name(),
                        "reason",
                        answer.reason().name())
                .increment();
        return answer;
    }
}
