package io.p2phost.assignment.status.web;

import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.selection.Score;
import io.p2phost.assignment.status.StatusReader;
import io.p2phost.assignment.status.SuiteStatus;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowInternal;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StatusController {
    private static final int EVERY_TIER = 1;

    private final StatusReader status;
    private final HostIndex hosts;

    StatusController(StatusReader status, HostIndex hosts) {
        this.status = status;
        this.hosts = hosts;
    }

    @GetMapping("/api/v1/status")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    SuiteStatus status() {
        return status.read();
    }

    /** For players who ask in the game's chat. */
    @GetMapping("/internal/v1/status")
    @AllowInternal(ServiceName.RELAY)
    SuiteStatus toRelays() {
        return status.read();
    }

    /** How the host would do for a map that any tier may serve; no score for one that is not known. */
    @GetMapping("/internal/v1/hosts/{id}/score")
    @AllowInternal(ServiceName.RELAY)
    ScoreView score(@PathVariable HostId id) {
        return new ScoreView(hosts.score(id, EVERY_TIER, null).map(Score::total).orElse(null));
    }

    record ScoreView(@Nullable Double score) {}
}
