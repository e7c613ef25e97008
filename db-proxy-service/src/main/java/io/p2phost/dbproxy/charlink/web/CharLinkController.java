package io.p2phost.dbproxy.charlink.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.dbproxy.charlink.CharLinks;
import io.p2phost.dbproxy.engine.StandbyServers;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** map-assignment asks whether a host is heard here, and which standbys are logged in. */
@RestController
@AllowInternal(ServiceName.MAP_ASSIGNMENT)
class CharLinkController {
    /** More hosts in one question than this are refused. */
    static final int MAX_HOSTS = 1_000;

    private final CharLinks links;
    private final StandbyServers servers;

    CharLinkController(CharLinks links, StandbyServers servers) {
        this.links = links;
        this.servers = servers;
    }

    /** How long each of these hosts has been silent, on whichever link it spoke last; those without one are left out. */
    @PostMapping("/internal/v1/silences")
    Silences silences(@RequestBody Hosts body) {
        List<HostId> asked = body.hosts == null ? List.of() : body.hosts;
        if (asked.size() > MAX_HOSTS) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "hosts: " + asked.size() + " (expected: at most " + MAX_HOSTS + ")");
        }
        return new Silences(links.silences(new HashSet<>(asked)).entrySet().stream()
                .map(silence -> new Silence(silence.getKey(), silence.getValue().toMillis()))
                .toList());
    }

    /** Every standby whose map-server is logged in; a link alone lets no player in. */
    @GetMapping("/internal/v1/standbys")
    List<StandbyView> standbys() {
        return servers.standbyServers().stream()
                .map(server -> new StandbyView(server.host(), server.map()))
                .toList();
    }

    record Hosts(@Nullable List<HostId> hosts) {}

    record Silences(List<Silence> hosts) {}

    record Silence(HostId hostId, long silentMillis) {}

    record StandbyView(HostId hostId, MapName map) {}
}
