package io.p2phost.registry.host.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.registry.host.KnownRequirements;
import io.p2phost.registry.host.Requirements;
import io.p2phost.registry.host.TierRequirement;
import io.p2phost.registry.refusal.Refused;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a host's owner is told before he tries to join: by what his machine will be judged. */
@RestController
class RequirementsController {
    private final KnownRequirements known;

    RequirementsController(KnownRequirements known) {
        this.known = known;
    }

    record View(long version, List<TierRequirement> tiers, double maxLatencyMs) {
        static View of(Requirements requirements) {
            return new View(requirements.version(), requirements.tiers(), requirements.maxLatencyMs());
        }
    }

    @GetMapping("/api/v1/hosts/{id}/requirements")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST})
    View get(@PathVariable HostId id, Caller caller) {
        if (!caller.isStaff() && !caller.isHost(id)) {
            throw new Refused(ProblemType.FORBIDDEN, "host: " + id + " (expected: the caller's own id)");
        }
        return View.of(known.current());
    }
}
