package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The newest state known here of each host, so that a heartbeat is answered without the database. */
public final class LiveHosts {
    private final ConcurrentHashMap<HostId, Seen> seen = new ConcurrentHashMap<>();

    /**
     * Takes note of a state.
     *
     * @return whether it is at least as new as what was known
     */
    public boolean note(HostId host, long version, HostLifeState state) {
        Seen offered = new Seen(version, state);
        return seen.merge(host, offered, (old, fresh) -> fresh.version >= old.version ? fresh : old)
                .equals(offered);
    }

    public Optional<Seen> of(HostId host) {
        return Optional.ofNullable(seen.get(host));
    }

    /** A state and the version of the host that it belongs to. */
    public record Seen(long version, HostLifeState state) {
        /** Whether a host in this state may hold a lease. */
        public boolean mayHoldLease() {
            return switch (state) {
                case READY, UNHEALTHY, DRAINING, QUARANTINED -> true;
                case ENROLLED, OFFLINE, BLACKLISTED -> false;
            };
        }
    }
}
