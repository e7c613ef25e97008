package io.p2phost.assignment.control.web;

import io.p2phost.assignment.control.Control;
import io.p2phost.assignment.control.Control.Migration;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.ProblemException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The operator's hand over HTTP; audited. */
@RestController
class ControlController {
    private final Control control;

    ControlController(Control control) {
        this.control = control;
    }

    @PostMapping("/api/v1/control:emergency-failover")
    @Allow({Role.ADMIN, Role.OPERATOR})
    SweptView emergencyFailover(Caller caller) {
        return SweptView.of(control.emergencyFailover(caller.actor()));
    }

    @PostMapping("/api/v1/control:reset-network")
    @Allow({Role.ADMIN, Role.OPERATOR})
    SweptView resetNetwork(Caller caller) {
        return SweptView.of(control.resetNetwork(caller.actor()));
    }

    @PostMapping("/api/v1/maps/{map}:migrate")
    @Allow({Role.ADMIN, Role.OPERATOR})
    MigrationView migrate(
            @PathVariable MapName map, @RequestBody(required = false) @Nullable MigrateBody body, Caller caller) {
        Place to = body == null ? null : body.to;
        return switch (control.migrate(map, kind(to), id(to), caller.actor())) {
            case Migration.Done done -> MigrationView.of(done.state());
            case Migration.UnknownMap unknown ->
                throw new ProblemException(ProblemType.NOT_FOUND, "map: " + map + " (expected: a known map)");
            case Migration.NotEligible not ->
                throw new ProblemException(
                        ProblemType.UNPROCESSABLE,
                        "map: " + map + ": " + not.reason() + " (expected: an eligible map)");
            case Migration.NoTarget no -> throw new ProblemException(ProblemType.UNPROCESSABLE, no.detail());
            case Migration.Refused refused -> throw new ProblemException(ProblemType.OWNER_NOT_READY, refused.reason());
            case Migration.Busy busy ->
                throw new ProblemException(ProblemType.CONFLICT, map + " is being moved at this moment");
            case Migration.Undecided undecided ->
                throw new ProblemException(ProblemType.UNAVAILABLE, "db-proxy does not answer: nothing moves");
        };
    }

    private static Owner.@Nullable Kind kind(@Nullable Place to) {
        if (to == null) {
            return null;
        }
        return Arrays.stream(Owner.Kind.values())
                .filter(kind -> kind.name().equals(to.kind))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.INVALID_VALUE,
                        "to.kind: " + (to.kind == null ? "missing" : Text.quote(to.kind))
                                + " (expected: HOST or VPS)"));
    }

    private static @Nullable String id(@Nullable Place to) {
        if (to != null && to.id != null && kind(to) == Owner.Kind.HOST) {
            try {
                HostId.of(to.id);
            } catch (IllegalArgumentException e) {
                throw new ProblemException(
                        ProblemType.INVALID_VALUE, "to.id: " + Text.quote(to.id) + " (expected: a host's id)");
            }
        }
        return to == null ? null : to.id;
    }

    record MigrateBody(@Nullable Place to) {}

    record Place(@Nullable String kind, @Nullable String id) {}

    record MigrationView(MapName map, Epoch epoch, @Nullable Owner owner, boolean ready) {
        static MigrationView of(MapState state) {
            return new MigrationView(state.map(), state.epoch(), state.owner(), state.ready());
        }
    }

    record SweptView(int moved, List<MapName> notMoved) {
        static SweptView of(Control.Swept swept) {
            return new SweptView(swept.moved().size(), swept.notMoved());
        }
    }
}
