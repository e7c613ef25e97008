package io.p2phost.assignment.entry.web;

import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.entry.Entries;
import io.p2phost.assignment.entry.EntryAnswer;
import io.p2phost.assignment.entry.EntryOutcome;
import io.p2phost.assignment.entry.EntryRequest;
import io.p2phost.assignment.entry.Explainer;
import io.p2phost.assignment.entry.Explanation;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.Page;
import io.p2phost.kit.web.ProblemException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Maps: what may be done with them, who enters them, why they are where they are. */
@RestController
class MapController {
    private static final int MAX_LIMIT = 500;

    private final Entries entries;
    private final Explainer explainer;
    private final Catalogues catalogues;
    private final MapStates states;

    MapController(Entries entries, Explainer explainer, Catalogues catalogues, MapStates states) {
        this.entries = entries;
        this.explainer = explainer;
        this.catalogues = catalogues;
        this.states = states;
    }

    @PostMapping("/api/v1/maps/{map}/entries")
    @Allow({Role.PLAYER, Role.OPERATOR, Role.ADMIN, Role.SERVICE})
    EntryAnswer enter(@PathVariable MapName map, @RequestBody EntryBody body) {
        EntryRequest request = new EntryRequest(
                RequestFields.requestId(body.requestId),
                map,
                RequestFields.account(body.accountId),
                RequestFields.region(body.region));
        return switch (entries.enter(request)) {
            case EntryOutcome.Answered answered -> answered.answer();
            case EntryOutcome.UnknownMap unknown -> throw unknown(map);
            case EntryOutcome.NoVps noVps -> throw new ProblemException(ProblemType.NO_VPS, noVps.detail());
            case EntryOutcome.RequestReused reused -> throw RequestFields.reused(request.requestId());
        };
    }

    @GetMapping("/api/v1/maps")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    Page<MapView> list(
            @RequestParam(required = false) @Nullable MapName cursor,
            @RequestParam(required = false) @Nullable Boolean eligible,
            @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "limit: " + limit + " (expected: 1 to " + MAX_LIMIT + ")");
        }
        List<MapEntry> after = catalogues.all().stream()
                .filter(entry -> cursor == null || entry.map().compareTo(cursor) > 0)
                .filter(entry -> eligible == null || entry.eligible() == eligible)
                .limit(limit + 1L)
                .toList();
        boolean more = after.size() > limit;
        List<MapEntry> shown = more ? after.subList(0, limit) : after;
        return new Page<>(
                shown.stream().map(this::view).toList(),
                more ? shown.getLast().map().value() : null);
    }

    @GetMapping("/api/v1/maps/{map}")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    MapView one(@PathVariable MapName map) {
        return catalogues.find(map).map(this::view).orElseThrow(() -> unknown(map));
    }

    @GetMapping("/api/v1/maps/{map}/explain")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    Explanation explain(@PathVariable MapName map, @RequestParam(required = false) @Nullable String region) {
        return explainer.explain(map, RequestFields.region(region)).orElseThrow(() -> unknown(map));
    }

    private MapView view(MapEntry entry) {
        Optional<MapState> state = states.find(entry.map());
        return new MapView(
                entry.map(),
                entry.eligibility(),
                entry.minTier(),
                entry.category(),
                entry.reason(),
                state.map(MapState::epoch).orElse(Epoch.NONE),
                state.map(MapState::owner).orElse(null),
                state.map(MapState::ready).orElse(false));
    }

    private static ProblemException unknown(MapName map) {
        return new ProblemException(
                ProblemType.NOT_FOUND,
                "map: " + map + " (expected: one that the configuration or db/map_index.txt has)");
    }

    record EntryBody(
            @Nullable String requestId,
            @Nullable Long accountId,
            @Nullable String region) {}

    record MapView(
            MapName map,
            MapEntry.Eligibility eligibility,
            int minTier,
            @Nullable String category,
            String reason,
            Epoch epoch,
            @Nullable Owner owner,
            boolean ready) {}
}
