package io.p2phost.assignment.ownership;

import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many maps each host carries, as this instance knows: keeps the index's counts. The row's claim checks the limit
 * once more for all instances, so a count that lags costs a second pick, never a host too full.
 */
public final class ActiveMaps {
    private final HostIndex index;
    private final Map<MapName, HostId> hostOf = new HashMap<>();
    private final Map<HostId, Integer> counts = new HashMap<>();
    private final Map<MapName, Long> epochs = new HashMap<>();

    public ActiveMaps(HostIndex index) {
        this.index = index;
    }

    /** Notes an owner in effect or intended at that epoch; older news are ignored. */
    public synchronized void note(MapName map, long epoch, @Nullable Owner owner) {
        if (epoch < epochs.getOrDefault(map, 0L)) {
            return;
        }
        epochs.put(map, epoch);
        HostId now = owner != null && owner.isHost() ? HostId.of(owner.id()) : null;
        HostId before = now == null ? hostOf.remove(map) : hostOf.put(map, now);
        if (before != null && before.equals(now)) {
            return;
        }
        if (before != null) {
            count(before, -1);
        }
        if (now != null) {
            count(now, 1);
        }
    }

    /** Notes what db-proxy says although it is older: it lost its rows. */
    public synchronized void correct(MapName map, long epoch, @Nullable Owner owner) {
        epochs.remove(map);
        note(map, epoch, owner);
    }

    /** Tells the index what it could not take in before it knew the host. */
    public synchronized void tell(HostId host) {
        index.setActiveMaps(host, counts.getOrDefault(host, 0));
    }

    /** How many maps hosts carry in all. */
    public synchronized int total() {
        return hostOf.size();
    }

    private void count(HostId host, int change) {
        int count = counts.merge(host, change, Integer::sum);
        if (count == 0) {
            counts.remove(host);
        }
        index.setActiveMaps(host, count);
    }
}
