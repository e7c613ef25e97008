package io.p2phost.relay.front.web;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.relay.front.Whois;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.PlayerView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** map-assignment asks for the operator who a player is, and writes down that it was asked. */
@RestController
class WhoisController {
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private final Whois whois;
    private final Clock clock;

    WhoisController(Whois whois, Clock clock) {
        this.whois = whois;
        this.clock = clock;
    }

    @GetMapping("/internal/v1/players/{whom}")
    @AllowInternal(ServiceName.MAP_ASSIGNMENT)
    List<FoundView> ask(@PathVariable String whom) {
        var asked = whois.ask(whom, ANSWER)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.INVALID_VALUE,
                        "player: " + Text.quote(whom)
                                + " (expected: an account's number, or an address of 127.64.0.0/10)"));
        try {
            Instant now = clock.instant();
            return asked.join().stream().map(found -> FoundView.of(found, now)).toList();
        } catch (CompletionException e) {
            throw new ProblemException(
                    ProblemType.DEADLINE_EXCEEDED, "the player's loop did not answer within " + ANSWER);
        }
    }

    record FoundView(
            int accountId,
            String clientAddress,
            String sourceAddress,
            long sessionNumber,
            String phase,
            Instant since,
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable Owner owner) {
        static FoundView of(Whois.Found found, Instant now) {
            PlayerView player = found.player();
            Destination to = player.to();
            return new FoundView(
                    player.account(),
                    player.address(),
                    found.sourceAddress(),
                    player.number(),
                    player.phase(),
                    now.minus(player.connected()),
                    to == null ? null : to.map(),
                    to == null ? null : to.epoch(),
                    to == null ? null : to.owner());
        }
    }
}
