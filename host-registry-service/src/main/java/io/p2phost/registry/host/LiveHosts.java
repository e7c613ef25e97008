package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The newest state known here of each host, so that a heartbeat is answered without the database. */
public final class LiveHosts {
    private final ConcurrentHashMap<HostId, Seen> seen = new ConcurrentHashMap<>();

    /**
     * Takes note of a state.
     *
     * @param run whose session it is; null when that is not known
     * @return whether it is at least as new as what was known
     */
    public boolean note(HostId host, long version, HostLifeState state, @Nullable UUID run) {
        Seen newest = seen.merge(
                host,
                new Seen(version, state, run),
                (old, fresh) -> fresh.version > old.version || (fresh.version == old.version && fresh.run != null)
                        ? fresh
                        : old);
        return newest.version == version;
    }

    public Optional<Seen> of(HostId host) {
        return Optional.ofNullable(seen.get(host));
    }

    /**
     * A state and the version of the host that it belongs to.
     *
     * @param run whose session it is; null without one, and where only the state was heard
     */
    public record Seen(
            long version, HostLifeState state, @Nullable UUID run) {
        /** Whether a host in this state may hold a lease. */
        public boolean mayHoldLease() {
            return switch (state) {
                case READY, UNHEALTHY, DRAINING, QUARANTINED -> true;
                case ENROLLED, OFFLINE, BLACKLISTED -> false;
            };
        }
    }
}
