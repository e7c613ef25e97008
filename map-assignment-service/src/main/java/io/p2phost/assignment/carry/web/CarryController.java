package io.p2phost.assignment.carry.web;

import io.p2phost.assignment.audit.AuditTrail;
import io.p2phost.assignment.carry.RelayChange;
import io.p2phost.assignment.carry.RelayChange.Outcome;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.ProblemException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Players to a nearer relay, or all of one that is to be taken away; some at a time. Audited. */
@RestController
class CarryController {
    private static final Pattern RELAY = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final RelayChange relays;
    private final AuditTrail audit;

    CarryController(RelayChange relays, AuditTrail audit) {
        this.relays = relays;
        this.audit = audit;
    }

    @PostMapping("/api/v1/players:carry")
    @Allow({Role.ADMIN, Role.OPERATOR})
    Outcome.Moving carry(@RequestBody Carry body, Caller caller) {
        String from = relay("from", body.from);
        String to = relay("to", body.to);
        if (from.equals(to)) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "to: " + to + " (expected: another relay than from)");
        }
        int account = body.accountId == null ? 0 : body.accountId;
        if (account < 0) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "accountId: " + account + " (expected: above 0, or none)");
        }
        Outcome outcome = relays.move(from, to, account);
        audit.record(
                caller.actor(),
                "player.carry",
                "relay:" + from,
                outcome instanceof Outcome.Moving ? "ok" : outcome.getClass().getSimpleName(),
                Map.of("to", to, "account", account == 0 ? "all" : Integer.toString(account)));
        return switch (outcome) {
            case Outcome.Moving moving -> moving;
            case Outcome.NoRelay none -> throw new ProblemException(ProblemType.CONFLICT, none.why());
            case Outcome.Unknown unknown -> throw new ProblemException(ProblemType.UNAVAILABLE, unknown.why());
        };
    }

    private static String relay(String name, @Nullable String value) {
        if (value == null || !RELAY.matcher(value).matches()) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE,
                    name + ": " + (value == null ? "missing" : Text.quote(value)) + " (expected: a relay's id)");
        }
        return value;
    }

    /** @param accountId only him; 0 or left out: whoever is there */
    record Carry(
            @Nullable String from,
            @Nullable String to,
            @Nullable Integer accountId) {}
}
