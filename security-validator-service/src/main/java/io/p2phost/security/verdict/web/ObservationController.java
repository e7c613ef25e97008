package io.p2phost.security.verdict.web;

import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.security.verdict.Validation;
import io.p2phost.security.verdict.Validations;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The same intake as the topic, for a vantage point that wants to be sure. */
@RestController
@AllowInternal({ServiceName.RELAY, ServiceName.DB_PROXY})
class ObservationController {
    private final Validations validations;

    ObservationController(Validations validations) {
        this.validations = validations;
    }

    @PostMapping("/internal/v1/observations")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted observe(Caller caller, @RequestBody Observation observation) {
        if (!caller.subject().equals(observation.source())) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE,
                    "source: " + observation.source() + " (expected: " + caller.subject() + ")");
        }
        try {
            Optional<Validation> verdict = validations.judge(observation);
            return new Accepted(
                    observation.observationId(),
                    verdict.map(v -> v.judgement().outcome()).orElse(null));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.INVALID_VALUE, String.valueOf(e.getMessage()));
        }
    }

    /**
     * What became of it.
     *
     * @param verdict null for a repetition
     */
    record Accepted(String observationId, @Nullable Outcome verdict) {}
}
