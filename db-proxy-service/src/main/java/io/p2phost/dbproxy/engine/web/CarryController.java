package io.p2phost.dbproxy.engine.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.dbproxy.engine.Carrying;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.Shed;
import io.p2phost.dbproxy.relays.LiveRelays;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Players who go on through another relay: theirs lost a host that others hear, or is to be left. May be repeated. */
@RestController
@AllowInternal(ServiceName.MAP_ASSIGNMENT)
class CarryController {
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final int MOST_RELAYS = 100;
    private static final int MOST_PLAYERS = 256;

    private final Carrying players;
    private final LiveRelays relays;

    CarryController(Carrying players, LiveRelays relays) {
        this.players = players;
        this.relays = relays;
    }

    @PostMapping("/internal/v1/hosts/{hostId}/carries")
    Carried carry(@PathVariable HostId hostId, @RequestBody Carry body) {
        if (body.from == null || body.from.isBlank()) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "from: missing (expected: a relay's id)");
        }
        if (body.to == null || body.to.isEmpty() || body.to.size() > MOST_RELAYS) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "to: (expected: 1 to " + MOST_RELAYS + " relays' ids)");
        }
        LiveRelays.Relay to = relays.insteadOf(body.from, body.to)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.CONFLICT,
                        "to: " + body.to + " (expected: a relay that is alive and takes players)"));
        CompletableFuture<Integer> asked = players.carry(hostId, body.from, new Outside.Front(to.host(), to.port()))
                .orElseThrow(Answers::busy);
        return new Carried(to.relayId(), Answers.within(ANSWER, asked));
    }

    @PostMapping("/internal/v1/relays/{relayId}/carries")
    Shed shed(@PathVariable String relayId, @RequestBody Shedding body) {
        if (body.to == null || body.to.isBlank() || body.to.equals(relayId)) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "to: " + body.to + " (expected: another relay's id)");
        }
        if (body.most < 1 || body.most > MOST_PLAYERS) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "most: " + body.most + " (expected: 1 to " + MOST_PLAYERS + ")");
        }
        if (body.accountId < 0) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "accountId: " + body.accountId + " (expected: above 0, or none)");
        }
        LiveRelays.Relay to = relays.insteadOf(relayId, Set.of(body.to))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.CONFLICT,
                        "to: " + body.to + " (expected: a relay that is alive and takes players)"));
        CompletableFuture<Shed> asked = players.shed(
                        relayId, new Outside.Front(to.host(), to.port()), body.accountId, body.most)
                .orElseThrow(Answers::busy);
        return Answers.within(ANSWER, asked);
    }

    record Carry(@Nullable String from, @Nullable Set<String> to) {}

    /** @param accountId only him; 0: whoever is there */
    record Shedding(@Nullable String to, int accountId, int most) {}

    record Carried(String relayId, int players) {}
}
