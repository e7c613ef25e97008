package io.p2phost.assignment.entry.web;

import io.p2phost.assignment.entry.DecisionAnswer;
import io.p2phost.assignment.entry.Decisions;
import io.p2phost.assignment.entry.EntryRequest;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** db-proxy says that a player stands on a map without a host. */
@RestController
class DecisionController {
    private final Decisions decisions;

    DecisionController(Decisions decisions) {
        this.decisions = decisions;
    }

    @PostMapping("/internal/v1/decisions")
    @AllowInternal(ServiceName.DB_PROXY)
    DecisionAnswer decide(@RequestBody DecisionBody body) {
        if (body.map == null) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "map: missing (expected: a map's name)");
        }
        EntryRequest request = new EntryRequest(
                RequestFields.requestId(body.requestId),
                body.map,
                RequestFields.account(body.accountId),
                RequestFields.region(body.region));
        return decisions.decide(request).orElseThrow(() -> RequestFields.reused(request.requestId()));
    }

    record DecisionBody(
            @Nullable String requestId,
            @Nullable MapName map,
            @Nullable Long accountId,
            @Nullable String region) {}
}
