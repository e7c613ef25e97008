package io.p2phost.registry.host.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.Page;
import io.p2phost.registry.host.Host;
import io.p2phost.registry.host.HostChanges;
import io.p2phost.registry.host.HostControl;
import io.p2phost.registry.host.HostQuery;
import io.p2phost.registry.host.HostSessions;
import io.p2phost.registry.host.OperatorAction;
import io.p2phost.registry.refusal.Refused;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class HostController {
    private static final int MAX_PAGE = 200;

    private final HostChanges hosts;
    private final HostControl control;
    private final HostSessions sessions;

    HostController(HostChanges hosts, HostControl control, HostSessions sessions) {
        this.hosts = hosts;
        this.control = control;
        this.sessions = sessions;
    }

    @GetMapping("/api/v1/hosts")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    Page<HostView> list(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable Integer tier,
            @RequestParam(required = false) @Nullable String region,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "50") int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw invalid("limit: " + limit + " (expected: 1 to " + MAX_PAGE + ")");
        }
        HostQuery query = new HostQuery(
                state == null ? null : stateOf(state), tier, region, cursor == null ? null : cursorOf(cursor), limit);
        List<HostView> items = hosts.find(query).stream().map(this::view).toList();
        return new Page<>(
                items, items.size() < limit ? null : items.getLast().hostId().value());
    }

    @GetMapping("/api/v1/hosts/{id}")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST})
    HostView get(@PathVariable HostId id, Caller caller) {
        if (!caller.isStaff() && !caller.isHost(id)) {
            throw new Refused(ProblemType.FORBIDDEN, "host: " + id + " (expected: the caller's own id)");
        }
        return view(find(id));
    }

    @PostMapping("/api/v1/hosts/{id}:{action}")
    @Allow({Role.ADMIN, Role.OPERATOR})
    HostView act(
            @PathVariable HostId id,
            @PathVariable String action,
            @RequestBody(required = false) @Nullable ActionBody body,
            Caller caller) {
        String reason = body == null || body.reason() == null ? "" : body.reason();
        return view(control.act(id, actionOf(action), reason, caller.actor()));
    }

    @GetMapping("/internal/v1/hosts/{id}")
    @AllowInternal({ServiceName.RELAY, ServiceName.DB_PROXY, ServiceName.MAP_ASSIGNMENT})
    HostStanding standing(@PathVariable HostId id) {
        Host host = find(id);
        return new HostStanding(host.id(), host.state(), host.tier());
    }

    private Host find(HostId id) {
        return hosts.find(id).orElseThrow(() -> new Refused(ProblemType.NOT_FOUND, "host: " + id + " is not enrolled"));
    }

    private HostView view(Host host) {
        return HostView.of(host, host.inSession() ? sessions.leaseEnd(host.id()) : null);
    }

    private static HostLifeState stateOf(String text) {
        return Arrays.stream(HostLifeState.values())
                .filter(s -> s.name().equals(text))
                .findFirst()
                .orElseThrow(() -> invalid("state: " + Text.quote(text) + " (expected: one of "
                        + Arrays.toString(HostLifeState.values()) + ")"));
    }

    private static HostId cursorOf(String text) {
        try {
            return HostId.of(text);
        } catch (IllegalArgumentException e) {
            throw invalid("cursor: " + Text.quote(text) + " (expected: a page's nextCursor)");
        }
    }

    private static OperatorAction actionOf(String text) {
        return Arrays.stream(OperatorAction.values())
                .filter(a -> a.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new Refused(
                        ProblemType.NOT_FOUND,
                        "action: " + Text.quote(text) + " (expected: drain, undrain, blacklist or unblacklist)"));
    }

    private static Refused invalid(String detail) {
        return new Refused(ProblemType.INVALID_VALUE, detail);
    }

    record ActionBody(@Nullable String reason) {}

    record HostStanding(HostId hostId, HostLifeState state, int tier) {}
}
