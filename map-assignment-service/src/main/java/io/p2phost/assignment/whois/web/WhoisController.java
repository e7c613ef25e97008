package io.p2phost.assignment.whois.web;

import io.p2phost.assignment.whois.RelayPlayers;
import io.p2phost.assignment.whois.Whois;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.ProblemException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Audited, and not for those who may only look. */
@RestController
class WhoisController {
    private final Whois whois;

    WhoisController(Whois whois) {
        this.whois = whois;
    }

    @GetMapping("/api/v1/players/{whom}")
    @Allow({Role.ADMIN, Role.OPERATOR})
    RelayPlayers.Answer ask(@PathVariable String whom, Caller caller) {
        if (!Whois.isAskable(whom)) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE,
                    "player: " + Text.quote(whom) + " (expected: an account's number, or an address of 127.64.0.0/10)");
        }
        return whois.ask(whom, caller.actor());
    }
}
