package io.p2phost.dbproxy.engine.web;

import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.engine.DirectPlayers;
import io.p2phost.kit.web.AllowInternal;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** map-assignment asks who is on the VPS whoever owns his map. */
@RestController
@AllowInternal(ServiceName.MAP_ASSIGNMENT)
class DirectPlayersController {
    private final DirectPlayers players;

    DirectPlayersController(DirectPlayers players) {
        this.players = players;
    }

    @GetMapping("/internal/v1/direct-players")
    List<OnMap> all() {
        return players.directPlayers().entrySet().stream()
                .map(each -> new OnMap(each.getKey(), each.getValue()))
                .toList();
    }

    record OnMap(MapName map, int players) {}
}
