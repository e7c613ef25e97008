package io.p2phost.dbproxy.hosts;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** Host states from events; a host no event spoke of yet is asked from the registry once per question. */
public final class HostIndex implements HostStates {
    private final Map<HostId, Known> known = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Consumer<HostId>> blacklistListeners = new CopyOnWriteArrayList<>();
    private final Function<HostId, Optional<HostLifeState>> registry;

    /**
     * Creates an index.
     *
     * @param registry asks the registry; empty when it does not know the host or does not answer
     */
    public HostIndex(Function<HostId, Optional<HostLifeState>> registry) {
        this.registry = registry;
    }

    /** Takes a state over unless a newer one is known; versions grow with each change of the host. */
    public void update(HostId host, HostLifeState state, long version) {
        Known now = known.merge(
                host, new Known(state, version), (old, fresh) -> fresh.version >= old.version ? fresh : old);
        if (now.version == version && state == HostLifeState.BLACKLISTED) {
            blacklistListeners.forEach(listener -> listener.accept(host));
        }
    }

    /** Calls the listener for each host that becomes blacklisted. */
    public void onBlacklisted(Consumer<HostId> listener) {
        blacklistListeners.add(listener);
    }

    /** The newest state that an event told. */
    public Optional<HostLifeState> lifeStateOf(HostId host) {
        return Optional.ofNullable(known.get(host)).map(Known::state);
    }

    /** What the registry says now; empty when it does not know the host or does not answer. */
    public Optional<HostLifeState> askRegistry(HostId host) {
        return registry.apply(host);
    }

    @Override
    public Standing stateOf(HostId host) {
        Known state = known.get(host);
        if (state != null) {
            return Standing.of(state.state);
        }
        return askRegistry(host).map(Standing::of).orElse(Standing.UNKNOWN);
    }

    private record Known(HostLifeState state, long version) {}
}
