package io.p2phost.dbproxy.engine.web;

import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.engine.ReservePlayers;
import io.p2phost.kit.web.AllowInternal;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** map-assignment asks who is on the VPS: whoever owns his map, and because nobody hosts it. */
@RestController
@AllowInternal(ServiceName.MAP_ASSIGNMENT)
class ReservePlayersController {
    private final ReservePlayers players;

    ReservePlayersController(ReservePlayers players) {
        this.players = players;
    }

    @GetMapping("/internal/v1/direct-players")
    List<OnMap> direct() {
        return all(players.directPlayers());
    }

    @GetMapping("/internal/v1/reserve-players")
    List<OnMap> reserve() {
        return all(players.reservePlayers());
    }

    private static List<OnMap> all(Map<MapName, Integer> players) {
        return players.entrySet().stream()
                .map(each -> new OnMap(each.getKey(), each.getValue()))
                .toList();
    }

    record OnMap(MapName map, int players) {}
}
