package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.ownership.MapOwner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose word is in effect for each map, and whose is still to start its server: the reserve has the map's players until
 * then. An owner may be told of any number of times, in any order. On the loop only.
 */
final class Succession {
    private final Servers servers;
    private final Map<MapName, Epoch> inEffect = new HashMap<>();
    private final Map<MapName, MapOwner> coming = new HashMap<>();
    /** Of those that come, whose server is there: the reserve is just letting go. */
    private final Set<MapOwner> arrived = new HashSet<>();

    /** The servers of owners. */
    interface Servers {
        /** Whether it is connected and has announced its map, be it as standby. */
        boolean isThere(MapOwner owner);

        boolean reserveIsReady();

        /** The map is that owner's from now on. */
        void owned(MapOwner owner);

        /** The reserve has the map's players meanwhile. */
        void bridge(MapName map);

        /** The reserve lets them go with their final saves, in bounded time. */
        void release(MapName map, Runnable then);

        /** Whoever was let go comes back to the server that the map has. */
        void stay(MapName map);
    }

    Succession(Servers servers) {
        this.servers = servers;
    }

    /** That owner is decided on, and the map still another's. */
    void willBe(MapOwner owner) {
        if (isNews(owner) && !isAwaited(owner)) {
            coming.put(owner.map(), owner);
        }
    }

    /** The map is that owner's. */
    void is(MapOwner owner) {
        // Told again, perhaps after its server was lost: that changes nothing any more.
        if (!isNews(owner) || owner.equals(coming.get(owner.map()))) {
            return;
        }
        if (isAwaited(owner)) {
            // The next one was decided on before this was told. Whoever had the map before both has it no more.
            if (servers.reserveIsReady()) {
                servers.bridge(owner.map());
            }
        } else if (servers.isThere(owner) || !servers.reserveIsReady()) {
            begin(owner);
        } else {
            // A stock map-server may take ten seconds to find its char-server: nobody waits in limbo for that.
            coming.put(owner.map(), owner);
            servers.bridge(owner.map());
        }
    }

    /** To be called several times a second. */
    void tick() {
        List.copyOf(coming.values()).stream()
                .filter(owner -> !arrived.contains(owner) && servers.isThere(owner))
                .forEach(this::arrived);
    }

    private void arrived(MapOwner owner) {
        arrived.add(owner);
        servers.release(owner.map(), () -> {
            arrived.remove(owner);
            if (owner.equals(coming.get(owner.map()))) {
                begin(owner);
            } else {
                // Another one is to have the map, or has it by now.
                servers.stay(owner.map());
            }
        });
    }

    /** The owner in effect from now on. */
    void begin(MapOwner owner) {
        coming.computeIfPresent(
                owner.map(), (map, awaited) -> owner.epoch().isBefore(awaited.epoch()) ? awaited : null);
        inEffect.put(owner.map(), owner.epoch());
        servers.owned(owner);
    }

    /** It, or one after it. */
    private boolean isAwaited(MapOwner owner) {
        MapOwner awaited = coming.get(owner.map());
        return awaited != null && !awaited.epoch().isBefore(owner.epoch());
    }

    private boolean isNews(MapOwner owner) {
        return inEffect.getOrDefault(owner.map(), Epoch.NONE).isBefore(owner.epoch());
    }
}
