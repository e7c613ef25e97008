package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.refusal.Refused;

/** What operators and verdicts do to hosts. */
public final class HostControl {
    private static final int MAX_REASON = 256;

    private final HostChanges changes;
    private final HostLeases leases;

    public HostControl(HostChanges changes, HostLeases leases) {
        this.changes = changes;
        this.leases = leases;
    }

    /**
     * Drains, blacklists or takes back.
     *
     * @param reason required to blacklist
     */
    public Host act(HostId id, OperatorAction action, String reason, String actor) {
        if (action == OperatorAction.BLACKLIST && reason.isBlank()) {
            throw invalid("reason: missing (expected: why the host is blacklisted)");
        }
        if (reason.length() > MAX_REASON || reason.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    "reason: " + Text.quote(reason) + " (expected: at most " + MAX_REASON + " printable characters)");
        }
        Host host = changes.act(id, action, reason, actor);
        leases.committed(host);
        return host;
    }

    private static Refused invalid(String detail) {
        return new Refused(ProblemType.INVALID_VALUE, detail);
    }
}
