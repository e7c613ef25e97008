package io.p2phost.registry.host;

import static io.p2phost.contracts.HostLifeState.BLACKLISTED;
import static io.p2phost.contracts.HostLifeState.DRAINING;
import static io.p2phost.contracts.HostLifeState.ENROLLED;
import static io.p2phost.contracts.HostLifeState.OFFLINE;
import static io.p2phost.contracts.HostLifeState.QUARANTINED;
import static io.p2phost.contracts.HostLifeState.READY;
import static io.p2phost.contracts.HostLifeState.UNHEALTHY;

import io.p2phost.contracts.HostLifeState;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Which state may follow which. What is not listed cannot happen. */
public final class HostTransitions {
    private static final Map<HostLifeState, Set<HostLifeState>> NEXT = Map.of(
            ENROLLED, EnumSet.of(READY, DRAINING, QUARANTINED, BLACKLISTED),
            READY, EnumSet.of(READY, UNHEALTHY, OFFLINE, DRAINING, QUARANTINED, BLACKLISTED),
            UNHEALTHY, EnumSet.of(READY, OFFLINE, DRAINING, QUARANTINED, BLACKLISTED),
            DRAINING, EnumSet.of(DRAINING, READY, OFFLINE, QUARANTINED, BLACKLISTED),
            OFFLINE, EnumSet.of(READY, DRAINING, QUARANTINED, BLACKLISTED),
            QUARANTINED, EnumSet.of(QUARANTINED, READY, DRAINING, OFFLINE, BLACKLISTED),
            BLACKLISTED, EnumSet.of(OFFLINE));

    private HostTransitions() {}

    /** Whether a host in one state may enter the other; the same state again means a new session in it. */
    public static boolean allowed(HostLifeState from, HostLifeState to) {
        return NEXT.getOrDefault(from, Set.of()).contains(to);
    }
}
