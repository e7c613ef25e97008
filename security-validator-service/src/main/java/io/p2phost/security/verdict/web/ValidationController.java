package io.p2phost.security.verdict.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.Page;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.security.verdict.Strikes;
import io.p2phost.security.verdict.Validation;
import io.p2phost.security.verdict.ValidationStore;
import io.p2phost.security.verdict.Validations;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Verdicts and strikes; a host sees its own. */
@RestController
class ValidationController {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    private final ValidationStore store;
    private final Validations validations;

    ValidationController(ValidationStore store, Validations validations) {
        this.store = store;
        this.validations = validations;
    }

    @GetMapping("/api/v1/validations")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST})
    Page<ValidationView> list(
            Caller caller,
            @RequestParam(required = false) @Nullable HostId hostId,
            @RequestParam(required = false) @Nullable Outcome verdict,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        HostId wanted = caller.isStaff() ? hostId : own(caller, hostId);
        int size = bounded(limit);
        List<ValidationStore.Numbered> found =
                store.newest(new ValidationStore.Filter(wanted, verdict), below(cursor), size + 1);
        List<ValidationStore.Numbered> shown = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size ? Long.toString(shown.getLast().number()) : null;
        return new Page<>(
                shown.stream()
                        .map(n -> ValidationView.of(n.validation(), false))
                        .toList(),
                next);
    }

    /** For players who ask in the game's chat; the relay shows them their own hosts' alone. */
    @GetMapping("/internal/v1/validations")
    @AllowInternal(ServiceName.RELAY)
    Page<ValidationView> toRelays(
            @RequestParam(required = false) @Nullable HostId hostId,
            @RequestParam(required = false) @Nullable Integer limit) {
        List<ValidationView> newest =
                store.newest(new ValidationStore.Filter(hostId, null), Long.MAX_VALUE, bounded(limit)).stream()
                        .map(n -> ValidationView.of(n.validation(), false))
                        .toList();
        return new Page<>(newest, null);
    }

    @GetMapping("/api/v1/validations/{validationId}")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST})
    ValidationView one(Caller caller, @PathVariable String validationId) {
        return store.find(validationId)
                .filter(v -> caller.isStaff() || caller.isHost(v.observation().hostId()))
                .map(v -> ValidationView.of(v, true))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "validation: " + Text.quote(validationId) + " (expected: the id of a validation)"));
    }

    @GetMapping("/api/v1/validations/strikes/{hostId}")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST})
    StrikesView strikes(Caller caller, @PathVariable HostId hostId) {
        if (!caller.isStaff() && !caller.isHost(hostId)) {
            throw new ProblemException(ProblemType.FORBIDDEN, "hostId: " + hostId + " (expected: your own)");
        }
        Strikes strikes = validations.strikesOf(hostId);
        return new StrikesView(hostId, strikes.count(), validations.strikesLimit(), strikes.blacklisted());
    }

    @PostMapping("/api/v1/validations:run")
    @Allow({Role.ADMIN, Role.OPERATOR})
    RunView run(Caller caller, @RequestBody(required = false) @Nullable RunRequest request) {
        RunRequest wanted = request == null ? new RunRequest(null, null) : request;
        List<Validation> reviewed = validations.judgeAgain(
                new ValidationStore.Filter(wanted.hostId, null), bounded(wanted.limit), caller.actor());
        List<ValidationView> views =
                reviewed.stream().map(v -> ValidationView.of(v, false)).toList();
        long changed = reviewed.stream()
                .filter(v -> v.review() != null
                        && v.review().outcome() != v.judgement().outcome())
                .count();
        return new RunView(views.size(), changed, views);
    }

    private static HostId own(Caller caller, @Nullable HostId asked) {
        HostId self = HostId.of(caller.subject());
        if (asked != null && !asked.equals(self)) {
            throw new ProblemException(ProblemType.FORBIDDEN, "hostId: " + asked + " (expected: your own)");
        }
        return self;
    }

    private static int bounded(@Nullable Integer limit) {
        int value = Objects.requireNonNullElse(limit, DEFAULT_LIMIT);
        if (value < 1 || value > MAX_LIMIT) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "limit: " + value + " (expected: 1 to " + MAX_LIMIT + ")");
        }
        return value;
    }

    private static long below(@Nullable String cursor) {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        try {
            return Long.parseUnsignedLong(cursor);
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "cursor: " + Text.quote(cursor) + " (expected: a nextCursor)");
        }
    }

    record RunRequest(@Nullable HostId hostId, @Nullable Integer limit) {}

    record RunView(int judged, long changed, List<ValidationView> items) {}

    record StrikesView(HostId hostId, int strikes, int limit, boolean blacklisted) {}

    record ReviewView(Outcome verdict, String referenceVersion, Instant judgedAt) {}

    record ValidationView(
            String validationId,
            String observationId,
            String source,
            HostId hostId,
            String map,
            long epoch,
            Instant from,
            Instant to,
            Outcome verdict,
            List<String> findings,
            String referenceVersion,
            int strikes,
            boolean blacklist,
            Instant judgedAt,
            @Nullable ReviewView review,
            @Nullable List<Fact> facts) {
        static ValidationView of(Validation validation, boolean withFacts) {
            Observation seen = validation.observation();
            Validation.Review review = validation.review();
            return new ValidationView(
                    validation.validationId(),
                    seen.observationId(),
                    seen.source(),
                    seen.hostId(),
                    seen.map().value(),
                    seen.epoch().value(),
                    seen.from(),
                    seen.to(),
                    validation.judgement().outcome(),
                    validation.judgement().findings(),
                    validation.judgement().referenceVersion(),
                    validation.strikes(),
                    validation.blacklist(),
                    validation.judgedAt(),
                    review == null
                            ? null
                            : new ReviewView(review.outcome(), review.referenceVersion(), review.judgedAt()),
                    withFacts ? seen.facts() : null);
        }
    }
}
