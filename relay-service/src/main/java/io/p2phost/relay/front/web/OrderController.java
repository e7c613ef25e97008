package io.p2phost.relay.front.web;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.OtherFront;
import io.p2phost.relay.player.Players;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What db-proxy orders about players. Each may be repeated. */
@RestController
@AllowInternal(ServiceName.DB_PROXY)
class OrderController {
    private static final int MAX_PORT = 65_535;
    private static final Logger log = LoggerFactory.getLogger(OrderController.class);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** Orders of one call. */
    private static final int MAX_ORDERS = 256;

    private final Players players;

    OrderController(Players players) {
        this.players = players;
    }

    @PostMapping("/internal/v1/orders")
    Given orders(@RequestBody Orders body) {
        List<Order> orders = required("orders", body.orders);
        if (orders.size() > MAX_ORDERS) {
            throw invalid("orders: " + orders.size() + " (expected: at most " + MAX_ORDERS + ")");
        }
        // All are looked at before the first is obeyed.
        List<Supplier<CompletableFuture<Boolean>>> wanted =
                orders.stream().map(this::read).toList();
        List<CompletableFuture<Boolean>> given =
                wanted.stream().map(Supplier::get).toList();
        await(given);
        return new Given(IntStream.range(0, given.size())
                .filter(i -> !given.get(i).join())
                .mapToObj(i -> required("accountId", orders.get(i).accountId))
                .toList());
    }

    private Supplier<CompletableFuture<Boolean>> read(Order order) {
        int account = required("accountId", order.accountId);
        long number = required("sessionNumber", order.sessionNumber);
        String kind = required("kind", order.kind);
        return switch (kind) {
            case "REHOME" -> {
                Owner owner = required("owner", order.owner);
                OwnerAddress.check("owner.address", owner);
                Destination to = new Destination(
                        owner,
                        required("map", order.map),
                        required("epoch", order.epoch),
                        required("loginId1", order.loginId1),
                        number,
                        required("x", order.x),
                        required("y", order.y));
                if (order.front == null) {
                    yield () -> players.rehome(account, to);
                }
                // An address that cannot be found is no reason to leave the others' orders undone: db-proxy repeats
                // this one.
                Optional<OtherFront> front = other(order.front);
                yield () -> front.map(there -> players.carry(account, to, there))
                        .orElseGet(() -> CompletableFuture.completedFuture(true));
            }
            case "RELEASE" -> () -> players.release(account, number);
            case "KICK" -> () -> players.kick(account, number);
            default -> throw invalid("kind: " + Text.quote(kind) + " (expected: REHOME, RELEASE or KICK)");
        };
    }

    /** Clients are told an address, and older ones know IPv4 only. */
    private static Optional<OtherFront> other(OtherRelay relay) {
        String host = required("front.host", relay.host);
        int port = required("front.port", relay.port);
        if (port <= 0 || port > MAX_PORT) {
            throw invalid("front.port: " + port + " (expected: 1 to " + MAX_PORT + ")");
        }
        try {
            for (InetAddress found : InetAddress.getAllByName(host)) {
                if (found instanceof Inet4Address) {
                    return Optional.of(
                            new OtherFront(ByteBuffer.wrap(found.getAddress()).getInt(), port));
                }
            }
            log.warn("relay {}: no IPv4 address, its players are not told to go there", Text.quote(host));
        } catch (UnknownHostException e) {
            log.warn("relay {}: unknown, its players are not told to go there", Text.quote(host));
        }
        return Optional.empty();
    }

    private static void await(List<CompletableFuture<Boolean>> given) {
        try {
            CompletableFuture.allOf(given.toArray(CompletableFuture[]::new))
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ProblemException(
                    ProblemType.DEADLINE_EXCEEDED, "a player's loop did not answer within " + ANSWER);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemType.UNAVAILABLE, "shutting down");
        }
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw invalid(name + ": missing (expected: a value)");
        }
        return value;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_VALUE, detail);
    }

    record Orders(@Nullable List<Order> orders) {}

    record Order(
            @Nullable String kind,
            @Nullable Integer accountId,
            @Nullable Long sessionNumber,
            @Nullable Owner owner,
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable Integer loginId1,
            @Nullable Integer x,
            @Nullable Integer y,
            @Nullable OtherRelay front) {}

    record OtherRelay(@Nullable String host, @Nullable Integer port) {}

    /**
     * The orders were obeyed, as far as it could be.
     *
     * @param unknown accounts that are not here, and were not within the last 10 s
     */
    record Given(List<Integer> unknown) {}
}
