package io.p2phost.assignment.vps.web;

import io.p2phost.assignment.vps.Vps;
import io.p2phost.assignment.vps.VpsRegistry;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.event.VpsStatusChanged;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.Page;
import io.p2phost.kit.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** VPS map-servers: registered by the operator, never guessed. */
@RestController
class VpsController {
    private final VpsRegistry registry;
    private final Clock clock;

    VpsController(VpsRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    @PutMapping("/api/v1/vps/{id}")
    @Allow({Role.ADMIN, Role.OPERATOR})
    VpsView put(@PathVariable String id, @RequestBody VpsRequest body, Caller caller) {
        Vps vps;
        try {
            vps = new Vps(
                    id,
                    body.host == null ? "" : body.host,
                    body.port == null ? 0 : body.port,
                    role(body.role),
                    clock.instant());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.INVALID_VALUE, String.valueOf(e.getMessage()));
        }
        try {
            registry.put(vps, caller.actor());
        } catch (OptimisticLockingFailureException | DataIntegrityViolationException e) {
            throw new ProblemException(ProblemType.CONFLICT, "vps " + id + " was changed by somebody else just now");
        }
        return one(id);
    }

    @GetMapping("/api/v1/vps")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    Page<VpsView> list() {
        return new Page<>(registry.all().stream().map(VpsView::of).toList(), null);
    }

    @GetMapping("/api/v1/vps/{id}")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    VpsView one(@PathVariable String id) {
        return registry.find(id).map(VpsView::of).orElseThrow(() -> unknown(id));
    }

    @DeleteMapping("/api/v1/vps/{id}")
    @Allow({Role.ADMIN, Role.OPERATOR})
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id, Caller caller) {
        if (!registry.remove(id, caller.actor())) {
            throw unknown(id);
        }
    }

    private static VpsStatusChanged.Role role(@Nullable String text) {
        return Arrays.stream(VpsStatusChanged.Role.values())
                .filter(role -> role.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.INVALID_VALUE,
                        "role: " + (text == null ? "missing" : Text.quote(text)) + " (expected: CORE or RESERVE)"));
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(
                ProblemType.NOT_FOUND, "vps: " + Text.quote(id) + " (expected: a registered one, see GET /api/v1/vps)");
    }

    record VpsRequest(
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String role) {}

    record VpsView(String id, String host, int port, VpsStatusChanged.Role role, Instant updatedAt) {
        static VpsView of(Vps vps) {
            return new VpsView(vps.id(), vps.host(), vps.port(), vps.role(), vps.updatedAt());
        }
    }
}
