package io.p2phost.security.verdict;

import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One observation with the verdict on it; it keeps the evidence, so that it can be judged again.
 *
 * @param strikes the host's consecutive failures, this one included
 * @param blacklist whether this verdict reached the limit
 * @param review the newest judgement against a later reference; null until somebody asked for one
 */
public record Validation(
        String validationId,
        Observation observation,
        Judgement judgement,
        int strikes,
        boolean blacklist,
        Instant judgedAt,
        @Nullable Review review) {
    /** A judgement made again; it changes no strikes. */
    public record Review(Outcome outcome, String referenceVersion, Instant judgedAt) {}
}
