package io.p2phost.metrics.region.web;

import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.metrics.region.RegionLoads;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the relays carry now. */
@RestController
class RegionController {
    private final RegionLoads loads;

    RegionController(RegionLoads loads) {
        this.loads = loads;
    }

    @GetMapping("/api/v1/metrics/regions")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    List<RegionLoads.RegionLoad> regions() {
        return loads.regions();
    }

    /** For players who ask in the game's chat. */
    @GetMapping("/internal/v1/metrics/regions")
    @AllowInternal(ServiceName.RELAY)
    List<RegionLoads.RegionLoad> toRelays() {
        return loads.regions();
    }
}
