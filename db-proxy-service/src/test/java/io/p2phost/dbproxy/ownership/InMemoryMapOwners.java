package io.p2phost.dbproxy.ownership;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Owners for tests of the core. */
public final class InMemoryMapOwners implements MapOwners {
    private final Map<MapName, MapOwner> rows = new TreeMap<>();
    boolean failing;

    @Override
    public synchronized OwnerDecision compareAndSet(OwnerChange change) {
        if (failing) {
            throw new IllegalStateException("planted");
        }
        MapOwner current = rows.get(change.map());
        Epoch epoch = current == null ? Epoch.NONE : current.epoch();
        if (!epoch.equals(change.fromEpoch())) {
            return new OwnerDecision.Stale(current == null ? new MapOwner(change.map(), Epoch.NONE, null) : current);
        }
        MapOwner now = new MapOwner(change.map(), epoch.next(), change.owner());
        rows.put(change.map(), now);
        return new OwnerDecision.Changed(now, current, List.of());
    }

    @Override
    public synchronized Optional<MapOwner> find(MapName map) {
        return Optional.ofNullable(rows.get(map));
    }

    @Override
    public synchronized List<MapOwner> all() {
        return List.copyOf(rows.values());
    }
}
