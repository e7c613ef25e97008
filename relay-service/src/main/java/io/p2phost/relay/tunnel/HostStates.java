package io.p2phost.relay.tunnel;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The newest state of each host that an event told. One entry per enrolled host. */
public final class HostStates {
    private final Map<HostId, Known> states = new ConcurrentHashMap<>();
    private final List<Consumer<HostId>> onBlacklisted = new CopyOnWriteArrayList<>();

    private record Known(HostLifeState state, long version) {}

    /** Takes a state over unless a newer one is known; versions grow with each change of the host. */
    public void update(HostId host, HostLifeState state, long version) {
        Known fresh = new Known(state, version);
        Known newest =
                states.merge(host, fresh, (known, offered) -> offered.version >= known.version ? offered : known);
        if (newest.equals(fresh) && state == HostLifeState.BLACKLISTED) {
            onBlacklisted.forEach(listener -> listener.accept(host));
        }
    }

    public Optional<HostLifeState> stateOf(HostId host) {
        return Optional.ofNullable(states.get(host)).map(Known::state);
    }

    /** Calls the listener for each host that becomes blacklisted. */
    public void onBlacklisted(Consumer<HostId> listener) {
        onBlacklisted.add(listener);
    }
}
