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
import io.p2phost.relay.tunnel.HostTunnels;
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
    private final HostTunnels tunnels;
    private final RelayProperties properties;

    RouteController(RouteTable routes, Front front, HostTunnels tunnels, RelayProperties properties) {
        this.routes = routes;
        this.front = front;
        this.tunnels = tunnels;
        this.properties = properties;
    }

    @PutMapping("/internal/v1/routes/{map}")
    @AllowInternal(ServiceName.DB_PROXY)
    RouteAnswer put(@PathVariable MapName map, @RequestBody RouteRequest body) {
        if (body.epoch == null || body.epoch.equals(Epoch.NONE)) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "epoch: " + body.epoch + " (expected: >= 1)");
        }
        OwnerAddress.check("owner.address", body.owner);
        Route route = new Route(map, body.epoch, body.owner);
        routes.offer(route).ifPresent(current -> {
            throw stale(current);
        });
        return new RouteAnswer(properties.publicHost(), front.ports().getFirst(), tunnels.reaches(route));
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
    List<RouteView> all() {
        return routes.all().stream()
                .map(route -> new RouteView(
                        route.map(),
                        route.epoch(),
                        route.owner(),
                        properties.publicHost(),
                        front.ports().getFirst(),
                        tunnels.reaches(route)))
                .toList();
    }

    record RouteRequest(@Nullable Epoch epoch, @Nullable Owner owner) {}

    record RouteAnswer(String host, int port, boolean tunnelConnected) {}

    record RouteView(MapName map, Epoch epoch, @Nullable Owner owner, String host, int port, boolean tunnelConnected) {}
}
