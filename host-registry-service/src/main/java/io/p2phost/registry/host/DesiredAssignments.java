package io.p2phost.registry.host;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which maps each host owns in effect, as db-proxy announced it: the repair path of an agent that missed its ASSIGN. */
public final class DesiredAssignments {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<MapName, Effect> byMap = new HashMap<>();
    private final Map<HostId, TreeMap<MapName, Epoch>> byHost = new HashMap<>();

    /** Takes note of an owner; one with a lower epoch than known comes too late and is ignored. */
    public void changed(MapName map, Epoch epoch, @Nullable Owner owner) {
        lock.lock();
        try {
            Effect known = byMap.get(map);
            if (known != null && epoch.isBefore(known.epoch)) {
                return;
            }
            if (known != null && known.host != null) {
                removeFrom(known.host, map);
            }
            HostId host = owner != null && owner.isHost() ? HostId.of(owner.id()) : null;
            byMap.put(map, new Effect(epoch, host));
            if (host != null) {
                byHost.computeIfAbsent(host, h -> new TreeMap<>()).put(map, epoch);
            }
        } finally {
            lock.unlock();
        }
    }

    private void removeFrom(HostId host, MapName map) {
        TreeMap<MapName, Epoch> maps = byHost.get(host);
        if (maps != null) {
            maps.remove(map);
            if (maps.isEmpty()) {
                byHost.remove(host);
            }
        }
    }

    /** The maps a host owns, in the order of their names. */
    public List<Desired> of(HostId host) {
        lock.lock();
        try {
            TreeMap<MapName, Epoch> maps = byHost.get(host);
            return maps == null
                    ? List.of()
                    : maps.entrySet().stream()
                            .map(e -> new Desired(e.getKey(), e.getValue()))
                            .toList();
        } finally {
            lock.unlock();
        }
    }

    /** A map that a host should be serving. */
    public record Desired(MapName map, Epoch epoch) {}

    private record Effect(Epoch epoch, @Nullable HostId host) {}
}
