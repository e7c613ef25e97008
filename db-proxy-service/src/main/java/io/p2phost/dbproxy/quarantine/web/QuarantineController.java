package io.p2phost.dbproxy.quarantine.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.dbproxy.quarantine.Confirmations;
import io.p2phost.dbproxy.quarantine.Find;
import io.p2phost.dbproxy.quarantine.Finds;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Rare items that wait to be confirmed. Acting on them is audited. */
@RestController
class QuarantineController {
    private static final int MOST = 200;
    private static final int LONGEST_REASON = 200;

    private final Finds finds;
    private final Confirmations confirmations;

    QuarantineController(Finds finds, Confirmations confirmations) {
        this.finds = finds;
        this.confirmations = confirmations;
    }

    @GetMapping("/api/v1/quarantine")
    @Allow({Role.ADMIN, Role.OPERATOR})
    Quarantine list(
            @RequestParam(defaultValue = "WAITING") Find.State state,
            @RequestParam(required = false) @Nullable Integer account,
            @RequestParam(defaultValue = "50") int limit) {
        if (limit < 1 || limit > MOST) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "limit: " + limit + " (expected: 1 to " + MOST + ")");
        }
        return new Quarantine(
                finds.waiting(),
                finds.list(state, account, limit).stream().map(FindView::of).toList());
    }

    @PostMapping("/api/v1/quarantine/{id}:confirm")
    @Allow({Role.ADMIN, Role.OPERATOR})
    FindView confirm(@PathVariable UUID id, Caller caller) {
        return decide(id, Find.State.CONFIRMED, caller, null);
    }

    /** It stays the player's, and marked. */
    @PostMapping("/api/v1/quarantine/{id}:refuse")
    @Allow({Role.ADMIN, Role.OPERATOR})
    FindView refuse(@PathVariable UUID id, @RequestBody Refusal body, Caller caller) {
        if (body.reason == null || body.reason.isBlank() || body.reason.length() > LONGEST_REASON) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "reason: (expected: 1 to " + LONGEST_REASON + " characters)");
        }
        return decide(id, Find.State.REFUSED, caller, body.reason);
    }

    private FindView decide(UUID id, Find.State state, Caller caller, @Nullable String reason) {
        return confirmations
                .decide(id, state, caller.actor(), reason)
                .map(FindView::of)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "find: " + id + " (expected: one that is not confirmed)"));
    }

    /** @param waiting how many wait in all */
    record Quarantine(long waiting, List<FindView> finds) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FindView(
            UUID id,
            int accountId,
            int characterId,
            int itemId,
            int amount,
            String hostId,
            String map,
            Instant foundAt,
            Find.State state,
            @Nullable Instant decidedAt,
            @Nullable String decidedBy,
            @Nullable String reason) {
        static FindView of(Find find) {
            return new FindView(
                    find.id(),
                    find.accountId(),
                    find.characterId(),
                    find.itemId(),
                    find.amount(),
                    find.hostId().value(),
                    find.map().value(),
                    find.foundAt(),
                    find.state(),
                    find.decidedAt(),
                    find.decidedBy(),
                    find.reason());
        }
    }

    record Refusal(@Nullable String reason) {}
}
