package io.p2phost.assignment.entry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.entry.Chooser.Chosen;
import io.p2phost.assignment.entry.EntryAnswer.Decision;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.ownership.ReadySignal;
import io.p2phost.assignment.ownership.Targets;
import io.p2phost.assignment.ownership.Targets.Target;
import io.p2phost.assignment.vps.Vps;
import io.p2phost.assignment.vps.VpsRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/**
 * The decision for a player who enters a map: where he is sent now. A host that was just given the map is waited for, and
 * the VPS serves meanwhile.
 */
public final class Entries {
    private final Chooser chooser;
    private final Catalogues catalogues;
    private final Placement placement;
    private final VpsRegistry vps;
    private final Targets targets;
    private final KeptAnswers<EntryAnswer> answers;
    private final ReadySignal signal;
    private final InstantSource clock;
    private final Duration readyWait;
    private final MeterRegistry meters;
    private final Timer duration;

    /** Everything an entry is decided from. */
    public record Parts(
            Chooser chooser,
            Catalogues catalogues,
            Placement placement,
            VpsRegistry vps,
            Targets targets,
            KeptAnswers<EntryAnswer> answers,
            ReadySignal signal) {}

    public Entries(Parts parts, InstantSource clock, Duration readyWait, MeterRegistry meters) {
        this.chooser = parts.chooser();
        this.catalogues = parts.catalogues();
        this.placement = parts.placement();
        this.vps = parts.vps();
        this.targets = parts.targets();
        this.answers = parts.answers();
        this.signal = parts.signal();
        this.clock = clock;
        this.readyWait = readyWait;
        this.meters = meters;
        this.duration = meters.timer("p2p_assignment_entry_seconds");
    }

    /** Decides; the same request again gets the same answer. */
    public EntryOutcome enter(EntryRequest request) {
        return Objects.requireNonNull(duration.record(() -> {
            Optional<KeptAnswers.Kept<EntryAnswer>> kept = answers.find(request.requestId());
            if (kept.isPresent()) {
                return repeated(kept.get(), request);
            }
            EntryOutcome outcome = catalogues
                    .find(request.map())
                    .map(entry -> decide(request, entry))
                    .orElseGet(EntryOutcome.UnknownMap::new);
            if (outcome instanceof EntryOutcome.Answered answered) {
                KeptAnswers.Kept<EntryAnswer> now = answers.keep(request, answered.answer(), clock.instant());
                count(now.answer());
                return repeated(now, request);
            }
            return outcome;
        }));
    }

    private static EntryOutcome repeated(KeptAnswers.Kept<EntryAnswer> kept, EntryRequest request) {
        return kept.isFor(request) ? new EntryOutcome.Answered(kept.answer()) : new EntryOutcome.RequestReused();
    }

    private EntryOutcome decide(EntryRequest request, MapEntry entry) {
        Instant deadline = clock.instant().plus(readyWait);
        return switch (chooser.choose(entry, request.region(), deadline)) {
            case Chosen.Hosted hosted -> ready(request, entry, hosted.state(), deadline);
            case Chosen.Changing changing -> direct(request.map(), Reason.HOST_NOT_READY, vps.reserve());
            case Chosen.Home home -> onVps(home.state(), home.reason(), request);
            case Chosen.Never never -> direct(request.map(), never.reason(), vps.core());
        };
    }

    private EntryOutcome ready(EntryRequest request, MapEntry entry, MapState first, Instant deadline) {
        MapState state = first;
        while (!state.ready()
                && chooser.live(state)
                && clock.instant().isBefore(deadline)
                && signal.await(Chooser.LOOK)) {
            state = chooser.current(request.map());
        }
        if (!state.hostOwned() || !state.ready()) {
            return direct(request.map(), Reason.HOST_NOT_READY, vps.reserve());
        }
        Optional<Target> relay = targets.relay(state, request.region());
        if (relay.isEmpty()) {
            return direct(request.map(), Reason.NO_RELAY, vps.reserve());
        }
        HostId host = HostId.of(Objects.requireNonNull(state.owner()).id());
        return new EntryOutcome.Answered(new EntryAnswer(
                Decision.P2P,
                Reason.ASSIGNED,
                state.map(),
                state.epoch(),
                host,
                relay.get(),
                placement.score(host, entry, request.region()).orElse(null)));
    }

    private EntryOutcome onVps(MapState state, Reason reason, EntryRequest request) {
        Optional<Target> target =
                placement.onRegisteredVps(state) ? targets.relay(state, request.region()) : Optional.empty();
        target = target.or(() -> vps.reserve().map(Targets::of));
        return target.<EntryOutcome>map(where -> new EntryOutcome.Answered(
                        new EntryAnswer(Decision.VPS, reason, state.map(), state.epoch(), null, where, null)))
                .orElseGet(() -> noVps(reason));
    }

    private EntryOutcome direct(MapName map, Reason reason, Optional<Vps> server) {
        if (server.isEmpty()) {
            return noVps(reason);
        }
        return new EntryOutcome.Answered(new EntryAnswer(
                Decision.VPS, reason, map, chooser.current(map).epoch(), null, Targets.of(server.get()), null));
    }

    private static EntryOutcome noVps(Reason reason) {
        String role = reason == Reason.RESTRICTED || reason == Reason.NOT_ELIGIBLE ? "CORE" : "RESERVE or CORE";
        return new EntryOutcome.NoVps(reason + ": the VPS has to serve this map, but none is registered (expected: one"
                + " with role " + role + ", PUT /api/v1/vps/{id})");
    }

    private void count(EntryAnswer answer) {
        meters.counter(
                        "p2p_assignment_entries_total",
                        "decision",
                        answer.decision().name(),
                        "reason",
                        answer.reason().name())
                .increment();
    }
}
