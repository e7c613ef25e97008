package io.p2phost.relay.front.web;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** db-proxy tells the relay who serves a map. */
@RestController
class RouteController {
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s:/]{1,253}:(\\d{1,5})|\\[[0-9a-fA-F:.]{2,45}]:(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

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
        checkAddress(body.owner);
        Route route = new Route(map, body.epoch, body.owner);
        // The route first: an owner that lost the map must be fenced even when there is no port for players.
        routes.offer(route).ifPresent(current -> {
            throw stale(current);
        });
        int port = front.open(map)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NO_PORT,
                        "map: " + map + " has no public port (expected: a free one of " + properties.firstFrontPort()
                                + " to " + properties.lastFrontPort() + ")"));
        return new RouteAnswer(properties.publicHost(), port, tunnels.reaches(route));
    }

    private static void checkAddress(@Nullable Owner owner) {
        String address = owner == null ? null : owner.address();
        if (address == null) {
            return;
        }
        Matcher parts = ADDRESS.matcher(address);
        if (parts.matches()) {
            String digits = parts.group(1) == null ? parts.group(2) : parts.group(1);
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= MAX_PORT) {
                return;
            }
        }
        throw new ProblemException(
                ProblemType.INVALID_VALUE, "owner.address: " + Text.quote(address) + " (expected: host:port)");
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
                        front.portOf(route.map()).isPresent()
                                ? front.portOf(route.map()).getAsInt()
                                : null,
                        tunnels.reaches(route)))
                .toList();
    }

    record RouteRequest(@Nullable Epoch epoch, @Nullable Owner owner) {}

    record RouteAnswer(String host, int port, boolean tunnelConnected) {}

    record RouteView(
            MapName map,
            Epoch epoch,
            @Nullable Owner owner,
            String host,
            @Nullable Integer port,
            boolean tunnelConnected) {}
}
