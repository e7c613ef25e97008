package io.p2phost.dbproxy.charlink.web;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.charlink.CharLinks;
import io.p2phost.dbproxy.engine.StandbyServers;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.links.frame.CellRole;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** map-assignment asks whether a host is heard here, and which standbys are logged in. */
@RestController
@AllowInternal(ServiceName.MAP_ASSIGNMENT)
class CharLinkController {
    private final CharLinks links;
    private final StandbyServers servers;

    CharLinkController(CharLinks links, StandbyServers servers) {
        this.links = links;
        this.servers = servers;
    }

    /** The host's links, and how long each has been silent. */
    @GetMapping("/internal/v1/hosts/{hostId}/char-links")
    List<LinkView> heard(@PathVariable HostId hostId) {
        return links.heard(hostId).entrySet().stream()
                .map(link -> new LinkView(
                        link.getKey().map(),
                        link.getKey().epoch(),
                        link.getKey().role(),
                        link.getValue().toMillis()))
                .toList();
    }

    /** Every standby whose map-server is logged in; a link alone lets no player in. */
    @GetMapping("/internal/v1/standbys")
    List<StandbyView> standbys() {
        return servers.standbyServers().stream()
                .map(server -> new StandbyView(server.host(), server.map()))
                .toList();
    }

    record LinkView(MapName map, Epoch epoch, CellRole role, long silentMillis) {}

    record StandbyView(HostId hostId, MapName map) {}
}
