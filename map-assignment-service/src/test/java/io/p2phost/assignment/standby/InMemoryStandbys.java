package io.p2phost.assignment.standby;

import io.p2phost.contracts.MapName;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows in memory. */
public final class InMemoryStandbys implements Standbys {
    private final TreeMap<MapName, Standby> rows = new TreeMap<>();

    @Override
    public synchronized Optional<Standby> find(MapName map) {
        return Optional.ofNullable(rows.get(map));
    }

    @Override
    public synchronized List<Standby> all() {
        return List.copyOf(rows.values());
    }

    @Override
    public synchronized boolean replace(@Nullable Standby before, Standby now) {
        if (before == null ? rows.containsKey(now.map()) : !isStill(before)) {
            return false;
        }
        rows.put(now.map(), now);
        return true;
    }

    @Override
    public synchronized boolean remove(Standby seen) {
        return isStill(seen) && rows.remove(seen.map()) != null;
    }

    private boolean isStill(Standby seen) {
        Standby row = rows.get(seen.map());
        return row != null && row.host().equals(seen.host()) && row.epoch().equals(seen.epoch());
    }
}
