package io.p2phost.assignment.ownership;

import io.p2phost.assignment.vps.Vps;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a player is sent. */
public final class Targets {
    private final Relays relays;

    public Targets(Relays relays) {
        this.relays = relays;
    }

    /** The public port of a living relay for that map, in the player's region if there is one. */
    public Optional<Target> relay(MapState state, @Nullable String region) {
        List<Route> routes = state.routes().stream()
                .filter(route -> relays.alive(route.relayId()))
                .toList();
        if (routes.isEmpty()) {
            routes = relays.routes(state.map());
        }
        return routes.stream()
                .min(Comparator.<Route>comparingInt(
                                r -> r.region().equalsIgnoreCase(region == null ? "" : region) ? 0 : 1)
                        .thenComparing(Route::relayId))
                .map(route -> new Target(route.host(), route.port()));
    }

    /** The VPS's own address. */
    public static Target of(Vps vps) {
        return new Target(vps.host(), vps.port());
    }

    /** An address a client can connect to. */
    public record Target(String host, int port) {}
}
