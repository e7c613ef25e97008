package io.p2phost.assignment.bundle.net;

import io.p2phost.assignment.bundle.ReleasedMaps;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/** Asked of the registry in the background; the last answer counts while it is away. */
@Component
class HttpReleasedMaps implements ReleasedMaps {
    private static final Logger log = LoggerFactory.getLogger(HttpReleasedMaps.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final InternalClients clients;

    /** Null while no bundle was released, or nothing is known. */
    private volatile @Nullable Set<MapName> maps;

    HttpReleasedMaps(InternalClients clients) {
        this.clients = clients;
    }

    @Override
    public boolean has(MapName map) {
        Set<MapName> now = maps;
        return now == null || now.contains(map);
    }

    @Scheduled(fixedDelayString = "${p2p.assignment.bundle-interval:10s}")
    void poll() {
        try {
            Release release = clients.rest(ServiceName.HOST_REGISTRY, DEADLINE)
                    .get()
                    .uri("/internal/v1/bundle-release")
                    .retrieve()
                    .body(Release.class);
            if (release != null) {
                maps = release.version() == null ? null : release.maps();
            }
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            log.debug("the released bundle's maps are not known anew: {}", e.getMessage());
        }
    }

    record Release(@Nullable String version, Set<MapName> maps) {
        Release {
            maps = Set.copyOf(maps);
        }
    }
}
