package io.p2phost.relay.command;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** When this relay heard of the routes in effect: one entry per map. Thread-safe. */
public final class RouteTimes implements RouteListener {
    private final InstantSource clock;
    private final Map<MapName, Heard> heard = new ConcurrentHashMap<>();

    private record Heard(Epoch epoch, Instant at) {}

    public RouteTimes(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void changed(@Nullable Route before, Route now) {
        heard.put(now.map(), new Heard(now.epoch(), clock.instant()));
    }

    /** For how long that owner has the map, as far as this relay was there to see it. */
    public Optional<Duration> age(MapName map, Epoch epoch) {
        return Optional.ofNullable(heard.get(map))
                .filter(each -> each.epoch.equals(epoch))
                .map(each -> Duration.between(each.at, clock.instant()));
    }
}
