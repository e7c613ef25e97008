package io.p2phost.dbproxy.engine.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.dbproxy.engine.EntryPoint;
import io.p2phost.dbproxy.engine.Whither;
import io.p2phost.dbproxy.mux.EntryAnswer;
import io.p2phost.dbproxy.mux.EntryRequest;
import io.p2phost.dbproxy.mux.MuxSettings;
import io.p2phost.dbproxy.mux.SessionState;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A relay's questions about entering players, and what it sees of those in play. */
@RestController
@AllowInternal(ServiceName.RELAY)
class EntryController {
    /** Longer than the multiplexer ever takes, shorter than a relay waits, which is eight seconds. */
    static final Duration ANSWER = MuxSettings.Timing.USUAL.entry().plusSeconds(1);

    private static final int LARGEST_CELL = 1_023;

    private final EntryPoint players;

    EntryController(EntryPoint players) {
        this.players = players;
    }

    @PostMapping("/internal/v1/entries")
    Decision enter(@RequestBody Entry body) {
        EntryRequest request = new EntryRequest(
                relay(body.relayId),
                address(body.clientIp),
                required("accountId", body.accountId),
                required("characterId", body.characterId),
                required("loginId1", body.loginId1),
                sex(body.sex));
        CompletableFuture<EntryAnswer> asked = players.enter(request).orElseThrow(Answers::busy);
        return switch (Answers.within(ANSWER, asked)) {
            case EntryAnswer.Refused no -> Decision.refused(no.code(), no.detail());
            case EntryAnswer.Routed yes ->
                Whither.of(yes.route(), players.reserveAddress())
                        .map(to -> Decision.routed(to, yes))
                        .orElseGet(() ->
                                Decision.refused(EntryAnswer.Code.SERVER_CLOSED, "the reserve has not logged in yet"));
        };
    }

    @PostMapping("/internal/v1/player-signals")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void signal(@RequestBody Signal body) {
        relay(body.relayId);
        int account = required("accountId", body.accountId);
        boolean taken = switch (body.kind == null ? "" : body.kind) {
            case "RESTART" -> players.restartSeen(account);
            case "GONE" -> players.connectionGone(account, number(body));
            case "WALKED" -> walked(account, body);
            case "GIVES" -> gives(account, body);
            case "GAVE" -> players.gave(account);
            case "TOOK" -> players.took(account, number(body));
            default ->
                throw new ProblemException(
                        ProblemType.INVALID_VALUE,
                        "kind: " + (body.kind == null ? "missing" : Text.quote(body.kind))
                                + " (expected: RESTART, GONE, WALKED, GIVES, GAVE or TOOK)");
        };
        if (!taken) {
            throw Answers.busy();
        }
    }

    private boolean gives(int account, Signal body) {
        CompletableFuture<Boolean> asked = players.gives(account, number(body)).orElseThrow(Answers::busy);
        if (!Answers.within(ANSWER, asked)) {
            throw new ProblemException(ProblemType.CONFLICT, "accountId: " + account + ": not in play at that session");
        }
        return true;
    }

    private static long number(Signal body) {
        if (body.sessionNumber == null) {
            throw missing("sessionNumber");
        }
        return body.sessionNumber;
    }

    private boolean walked(int account, Signal body) {
        long number = number(body);
        if (body.map == null) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "map: missing (expected: the name of a map)");
        }
        CompletableFuture<Boolean> asked = players.walked(
                        account, number, body.map, cell("x", body.x), cell("y", body.y))
                .orElseThrow(Answers::busy);
        if (!Answers.within(ANSWER, asked)) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "map: not hosted: " + body.map + ", or he is not on the reserve any more");
        }
        return true;
    }

    /** A cell's number in the packets of clients: 10 bits. */
    private static int cell(String name, @Nullable Integer value) {
        int cell = required(name, value);
        if (cell < 0 || cell > LARGEST_CELL) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, name + ": " + cell + " (expected: 0 to " + LARGEST_CELL + ")");
        }
        return cell;
    }

    // ---- reading ----

    private static String relay(@Nullable String id) {
        if (id == null || id.isBlank() || id.length() > 200) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE,
                    "relayId: " + (id == null ? "missing" : Text.quote(id)) + " (expected: 1 to 200 characters)");
        }
        return id;
    }

    private static int required(String name, @Nullable Integer value) {
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    private static ProblemException missing(String name) {
        return new ProblemException(ProblemType.INVALID_VALUE, name + ": missing (expected: an integer)");
    }

    private static int sex(@Nullable Integer value) {
        int sex = required("sex", value);
        if (sex < 0 || sex > 255) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "sex: " + sex + " (expected: 0 to 255)");
        }
        return sex;
    }

    /** In dotted order; the game knows IPv4 only. */
    private static int address(@Nullable String text) {
        String[] parts = text == null ? new String[0] : text.split("\\.", -1);
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
        for (String part : parts) {
            if (parts.length != Integer.BYTES || !part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
                break;
            }
            bytes.put((byte) Integer.parseInt(part));
        }
        if (bytes.hasRemaining()) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE,
                    "clientIp: " + (text == null ? "missing" : Text.quote(text)) + " (expected: an IPv4 address)");
        }
        return bytes.flip().getInt();
    }

    record Entry(
            @Nullable String relayId,
            @Nullable String clientIp,
            @Nullable Integer accountId,
            @Nullable Integer characterId,
            @Nullable Integer loginId1,
            @Nullable Integer sex) {}

    record Signal(
            @Nullable String relayId,
            @Nullable Integer accountId,
            @Nullable Long sessionNumber,
            @Nullable String kind,
            @Nullable MapName map,
            @Nullable Integer x,
            @Nullable Integer y) {}

    /** What a relay does with an entering player; what does not apply is left out. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Decision(
            String decision,
            @Nullable Owner owner,
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable Integer loginId1,
            @Nullable SessionState phase,
            @Nullable Integer group,
            @Nullable Long sessionNumber,
            @Nullable Integer x,
            @Nullable Integer y,
            @Nullable Integer code,
            @Nullable String detail) {
        static Decision routed(Whither to, EntryAnswer.Routed yes) {
            return new Decision(
                    "ROUTED",
                    to.owner(),
                    to.map(),
                    to.epoch(),
                    to.loginId1(),
                    yes.state(),
                    yes.group(),
                    yes.number(),
                    yes.x(),
                    yes.y(),
                    null,
                    null);
        }

        static Decision refused(EntryAnswer.Code code, String detail) {
            return new Decision("REFUSED", null, null, null, null, null, null, null, null, null, code.value(), detail);
        }
    }
}
