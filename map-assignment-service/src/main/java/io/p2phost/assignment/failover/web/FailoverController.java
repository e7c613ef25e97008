package io.p2phost.assignment.failover.web;

import io.p2phost.assignment.failover.Failover;
import io.p2phost.assignment.failover.Failovers;
import io.p2phost.assignment.failover.LossReport;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Relays and db-proxy say that they lost a host. */
@RestController
class FailoverController {
    /** A report cannot be from further ahead than clocks may differ. */
    private static final Duration FUTURE = Duration.ofMinutes(1);

    private static final int MAX_REPORTER = 64;

    private final Failovers failovers;
    private final Clock clock;

    FailoverController(Failovers failovers, Clock clock) {
        this.failovers = failovers;
        this.clock = clock;
    }

    @PostMapping("/internal/v1/failovers")
    @AllowInternal({ServiceName.RELAY, ServiceName.DB_PROXY})
    @ResponseStatus(HttpStatus.ACCEPTED)
    Moved report(@RequestBody Report body, Caller caller) {
        if (body.hostId == null) {
            throw invalid("hostId: missing (expected: a lower-case UUID)");
        }
        Instant observed = body.observedAt == null ? clock.instant() : body.observedAt;
        if (observed.isAfter(clock.instant().plus(FUTURE))) {
            throw invalid("observedAt: " + observed + " (expected: not in the future)");
        }
        String reporter = body.reporter == null || caller.service() != ServiceName.RELAY
                ? caller.subject()
                : reporter(body.reporter);
        Failover failover = failovers.report(new LossReport(body.hostId, reporter, cause(body.cause), observed));
        return new Moved(failover.steps().stream()
                .filter(Failover.Step::done)
                .map(step -> new MovedMap(step.map(), step.epoch(), step.owner()))
                .toList());
    }

    private static String reporter(String relayId) {
        if (relayId.isBlank() || relayId.length() > MAX_REPORTER) {
            throw invalid("reporter: " + Text.quote(relayId) + " (expected: 1 to " + MAX_REPORTER + " characters)");
        }
        return relayId;
    }

    private static LossReport.Cause cause(@Nullable String text) {
        for (LossReport.Cause cause : LossReport.Cause.values()) {
            if (cause != LossReport.Cause.HOST_STATE && cause.name().equals(text)) {
                return cause;
            }
        }
        throw invalid("cause: " + (text == null ? "missing" : Text.quote(text))
                + " (expected: TUNNEL_LOST, CHAR_LINK_LOST or LEASE_EXPIRED)");
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_VALUE, detail);
    }

    record Report(
            @Nullable HostId hostId,
            @Nullable String reporter,
            @Nullable String cause,
            @Nullable Instant observedAt) {}

    record Moved(List<MovedMap> moved) {}

    record MovedMap(
            MapName map, @Nullable Epoch epoch, @Nullable Owner owner) {}
}
