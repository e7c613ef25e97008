package io.p2phost.relay.front.web;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Players;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What db-proxy orders about players. Each may be repeated. */
@RestController
@AllowInternal(ServiceName.DB_PROXY)
class OrderController {
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final Players players;

    OrderController(Players players) {
        this.players = players;
    }

    @PostMapping("/internal/v1/rehomes")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void rehome(@RequestBody Rehome body) {
        Owner owner = required("owner", body.owner);
        OwnerAddress.check("owner.address", owner);
        Destination to = new Destination(
                owner,
                required("map", body.map),
                required("epoch", body.epoch),
                required("loginId1", body.loginId1),
                required("sessionNumber", body.sessionNumber),
                required("x", body.x),
                required("y", body.y));
        done(players.rehome(required("accountId", body.accountId), to));
    }

    @PostMapping("/internal/v1/releases")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void release(@RequestBody Player body) {
        done(players.release(required("accountId", body.accountId), required("sessionNumber", body.sessionNumber)));
    }

    @PostMapping("/internal/v1/kicks")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void kick(@RequestBody Player body) {
        done(players.kick(required("accountId", body.accountId), required("sessionNumber", body.sessionNumber)));
    }

    private static void done(CompletableFuture<Boolean> order) {
        try {
            if (!order.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProblemException(
                        ProblemType.PLAYER_UNKNOWN, "accountId: not here, and not within the last 10 s");
            }
        } catch (TimeoutException e) {
            throw new ProblemException(
                    ProblemType.DEADLINE_EXCEEDED, "the player's loop did not answer within " + ANSWER);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemType.UNAVAILABLE, "shutting down");
        }
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new ProblemException(ProblemType.INVALID_VALUE, name + ": missing (expected: a value)");
        }
        return value;
    }

    record Rehome(
            @Nullable Integer accountId,
            @Nullable Integer characterId,
            @Nullable Long sessionNumber,
            @Nullable Owner owner,
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable Integer loginId1,
            @Nullable Integer x,
            @Nullable Integer y) {}

    record Player(@Nullable Integer accountId, @Nullable Long sessionNumber) {}
}
