package io.p2phost.relay.route;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The routes this relay knows. A route is replaced by one of a higher epoch only: an old message that arrives late, or
 * two owners that claim one epoch, change nothing.
 */
public final class RouteTable {
    private final Map<MapName, Route> routes = new TreeMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RouteListener> listeners = new CopyOnWriteArrayList<>();

    /** Tells this one of every change from now on. */
    public void listen(RouteListener listener) {
        listeners.add(listener);
    }

    /**
     * Takes a route over.
     *
     * @return empty when it is in effect now (or already was), else the route in effect that refuses it
     */
    public Optional<Route> offer(Route offered) {
        lock.lock();
        try {
            @Nullable Route known = routes.get(offered.map());
            if (known != null) {
                int order = offered.epoch().compareTo(known.epoch());
                if (order < 0 || (order == 0 && !Objects.equals(offered.owner(), known.owner()))) {
                    return Optional.of(known);
                }
                if (order == 0) {
                    return Optional.empty();
                }
            }
            routes.put(offered.map(), offered);
            listeners.forEach(listener -> listener.changed(known, offered));
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    public Optional<Route> find(MapName map) {
        lock.lock();
        try {
            return Optional.ofNullable(routes.get(map));
        } finally {
            lock.unlock();
        }
    }

    /** Routes to that host. */
    public List<Route> of(HostId host) {
        return all().stream().filter(route -> route.isOf(host)).toList();
    }

    public List<Route> all() {
        lock.lock();
        try {
            return List.copyOf(routes.values());
        } finally {
            lock.unlock();
        }
    }
}
