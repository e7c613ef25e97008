package io.p2phost.metrics.history.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.metrics.history.HistoryBucket;
import io.p2phost.metrics.history.HistoryProperties;
import io.p2phost.metrics.history.HostHistory;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A host's history: staff see all, a host its own. */
@RestController
class HistoryController {
    private static final Duration DEFAULT_SPAN = Duration.ofHours(1);
    private static final Duration DEFAULT_STEP = Duration.ofMinutes(1);

    private final HostHistory history;
    private final HistoryProperties properties;
    private final Clock clock;

    HistoryController(HostHistory history, HistoryProperties properties, Clock clock) {
        this.history = history;
        this.properties = properties;
        this.clock = clock;
    }

    @GetMapping("/api/v1/metrics/hosts/{hostId}")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST})
    HostHistoryAnswer read(
            @PathVariable HostId hostId,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String step,
            Caller caller) {
        if (!caller.isStaff() && !caller.isHost(hostId)) {
            throw new ProblemException(ProblemType.FORBIDDEN, "a host may read its own history only");
        }
        Instant end = to == null ? clock.instant() : instant("to", to);
        Instant start = from == null ? end.minus(DEFAULT_SPAN) : instant("from", from);
        Duration width = step == null ? DEFAULT_STEP : duration(step);
        if (!start.isBefore(end)) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "from: " + start + " (expected: before to, " + end + ")");
        }
        long points = Math.ceilDiv(Duration.between(start, end).toMillis(), width.toMillis());
        if (points > properties.maxPoints()) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE,
                    "step: " + width + " makes " + points + " points (expected: at most " + properties.maxPoints()
                            + ")");
        }
        return new HostHistoryAnswer(hostId, start, end, width, history.read(hostId, start, end, width));
    }

    private static Instant instant(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, name + ": " + Text.quote(text) + " (expected: an ISO-8601 instant)");
        }
    }

    private static Duration duration(String text) {
        try {
            Duration step = Duration.parse(text);
            if (step.toMillis() >= 1_000) {
                return step;
            }
        } catch (DateTimeException e) {
            // Said below, with what was expected.
        }
        throw new ProblemException(
                ProblemType.INVALID_VALUE,
                "step: " + Text.quote(text) + " (expected: an ISO-8601 duration of at least PT1S)");
    }

    record HostHistoryAnswer(HostId hostId, Instant from, Instant to, Duration step, List<HistoryBucket> points) {}
}
