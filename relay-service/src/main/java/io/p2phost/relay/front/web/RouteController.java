package io.p2phost.relay.front.web;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** db-proxy tells the relay who serves a map. */
@RestController
class RouteController {
    private final RouteTable routes;
    private final Front front;
    private final RelayProperties properties;

    RouteController(RouteTable routes, Front front, RelayProperties properties) {
        this.routes = routes;
        this.front = front;
        this.properties = properties;
    }

    @PutMapping("/internal/v1/routes/{map}")
    @AllowInternal(ServiceName.DB_PROXY)
    RouteAnswer put(@PathVariable MapName map, @RequestBody RouteRequest body) {
        if (body.epoch == null || body.epoch.equals(Epoch.NONE)) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "epoch: " + body.epoch + " (expected: >= 1)");
        }
        int port = front.open(map)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NO_PORT,
                        "map: " + map + " has no port (expected: a free one of " + properties.firstFrontPort() + " to "
                                + properties.lastFrontPort() + ")"));
        routes.offer(new Route(map, body.epoch, body.owner)).ifPresent(current -> {
            throw stale(current);
        });
        return new RouteAnswer(properties.publicHost(), port, false);
    }

    private static ProblemException stale(Route current) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("map", current.map());
        members.put("epoch", current.epoch());
        if (current.owner() != null) {
            members.put("owner", current.owner());
        }
        return new ProblemException(
                ProblemType.STALE_EPOCH,
                "epoch: not newer (expected: above " + current.epoch() + ", or the same owner again)",
                members);
    }

    @GetMapping("/internal/v1/routes")
    @AllowInternal({ServiceName.DB_PROXY, ServiceName.MAP_ASSIGNMENT})
    List<Route> all() {
        return routes.all();
    }

    record RouteRequest(@Nullable Epoch epoch, @Nullable Owner owner) {}

    record RouteAnswer(String host, int port, boolean tunnelConnected) {}
}
