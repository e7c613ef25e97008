package io.p2phost.dbproxy.ownership.web;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.dbproxy.ownership.Arbiter;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.OwnerChange;
import io.p2phost.dbproxy.ownership.OwnerDecision;
import io.p2phost.dbproxy.ownership.RelayRoute;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The compare-and-set of owners, and the rows in effect. */
@RestController
class OwnerController {
    private static final int MAX_CAUSE = 64;

    private final Arbiter arbiter;
    private final MapOwners owners;

    OwnerController(Arbiter arbiter, MapOwners owners) {
        this.arbiter = arbiter;
        this.owners = owners;
    }

    @PutMapping("/internal/v1/owners/{map}")
    @AllowInternal(ServiceName.MAP_ASSIGNMENT)
    OwnerAnswer change(@PathVariable MapName map, @RequestBody OwnerRequest body, Caller caller) {
        if (body.fromEpoch == null) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "fromEpoch: missing (expected: >= 0)");
        }
        String cause = body.cause == null ? "" : body.cause;
        if (cause.isBlank() || cause.length() > MAX_CAUSE) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "cause: (expected: 1 to " + MAX_CAUSE + " characters)");
        }
        if (body.owner != null && !map.announceable()) {
            throw new ProblemException(
                    ProblemType.UNPROCESSABLE, "map: " + map + " (expected: a name a map-server can announce)");
        }
        return switch (arbiter.decide(new OwnerChange(
                map,
                body.fromEpoch,
                body.owner,
                Boolean.TRUE.equals(body.planned),
                Boolean.TRUE.equals(body.unreached),
                cause,
                caller.actor()))) {
            case OwnerDecision.Changed changed ->
                new OwnerAnswer(map, changed.now().epoch(), changed.now().owner(), changed.routes());
            case OwnerDecision.Stale stale -> throw stale(body.fromEpoch, stale.current());
            case OwnerDecision.NotReady refused ->
                throw new ProblemException(ProblemType.OWNER_NOT_READY, refused.reason());
        };
    }

    private static ProblemException stale(Epoch from, MapOwner current) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("map", current.map());
        members.put("epoch", current.epoch());
        if (current.owner() != null) {
            members.put("owner", current.owner());
        }
        return new ProblemException(
                ProblemType.STALE_EPOCH, "fromEpoch: " + from + " (expected: " + current.epoch() + ")", members);
    }

    @GetMapping("/internal/v1/owners")
    @AllowInternal({ServiceName.MAP_ASSIGNMENT, ServiceName.HOST_REGISTRY, ServiceName.RELAY})
    List<MapOwner> all() {
        return owners.all();
    }

    record OwnerRequest(
            @Nullable Epoch fromEpoch,
            @Nullable Owner owner,
            @Nullable Boolean planned,
            @Nullable Boolean unreached,
            @Nullable String cause) {}

    record OwnerAnswer(MapName map, Epoch epoch, @Nullable Owner owner, List<RelayRoute> routes) {}
}
