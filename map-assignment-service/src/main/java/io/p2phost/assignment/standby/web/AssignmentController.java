package io.p2phost.assignment.standby.web;

import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Route;
import io.p2phost.assignment.standby.Connected;
import io.p2phost.assignment.standby.StandbyView;
import io.p2phost.assignment.standby.Standbys;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.Page;
import io.p2phost.kit.web.ProblemException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who serves which map, and who would. */
@RestController
class AssignmentController {
    private static final int MAX_LIMIT = 500;

    private final MapStates states;
    private final Standbys standbys;
    private final Connected connected;

    AssignmentController(MapStates states, Standbys standbys, Connected connected) {
        this.states = states;
        this.standbys = standbys;
        this.connected = connected;
    }

    @GetMapping("/api/v1/assignments")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    Page<AssignmentView> list(
            @RequestParam(required = false) @Nullable MapName cursor, @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "limit: " + limit + " (expected: 1 to " + MAX_LIMIT + ")");
        }
        List<MapState> rows = states.page(cursor, limit + 1);
        boolean more = rows.size() > limit;
        List<MapState> shown = more ? rows.subList(0, limit) : rows;
        return new Page<>(
                shown.stream().map(this::view).toList(),
                more ? shown.getLast().map().value() : null);
    }

    private AssignmentView view(MapState state) {
        return AssignmentView.of(
                state,
                state.hostOwned()
                        ? standbys.find(state.map()).map(connected::view).orElse(null)
                        : null);
    }

    record AssignmentView(
            MapName map,
            Epoch epoch,
            @Nullable Owner owner,
            boolean ready,
            @Nullable Instant since,
            List<Route> routes,
            @Nullable Owner intended,
            @Nullable Instant heldUntil,
            @Nullable StandbyView standby) {
        static AssignmentView of(MapState state, @Nullable StandbyView standby) {
            return new AssignmentView(
                    state.map(),
                    state.epoch(),
                    state.owner(),
                    state.ready(),
                    state.ownerSince(),
                    state.routes(),
                    state.intent() == null ? null : state.intent().owner(),
                    state.heldUntil(),
                    standby);
        }
    }
}
