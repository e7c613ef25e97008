package io.p2phost.assignment.ownership;

import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Owner;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of owner are planned: the server before is there, so db-proxy can let it save its players for good. All
 * others take effect at once.
 */
public final class Handovers {
    /** The host was lost, or never served the map. */
    private static final Set<String> AT_ONCE =
            Set.of("TUNNEL_LOST", "CHAR_LINK_LOST", "LEASE_EXPIRED", "READY_TIMEOUT", "HOST_FAILED");

    /** The cause of a change after which the host is there to save its players: only its tunnels are lost. */
    public static final String TUNNEL_ONLY = "TUNNEL_ONLY";

    private final HostIndex index;

    public Handovers(HostIndex index) {
        this.index = index;
    }

    /** Whether relays do not reach the owner that is left, and only its char links stand. */
    public static boolean isUnreached(String cause) {
        return cause.equals(TUNNEL_ONLY);
    }

    /** Whether a change away from that owner is planned. */
    boolean planned(@Nullable Owner before, String cause) {
        return !AT_ONCE.contains(cause) && (before == null || !before.isHost() || serves(HostId.of(before.id())));
    }

    /** What is not known serves. */
    private boolean serves(HostId host) {
        return index.stateOf(host)
                .map(state -> switch (state) {
                    case READY, UNHEALTHY, DRAINING -> true;
                    case ENROLLED, OFFLINE, QUARANTINED, BLACKLISTED -> false;
                })
                .orElse(true);
    }
}
