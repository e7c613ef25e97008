package io.p2phost.metrics.region;

import io.p2phost.contracts.event.RelaySessions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The newest load of each relay, summed by region; a relay silent for a minute no longer counts. */
public final class RegionLoads {
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final Map<String, RelaySessions> relays = new ConcurrentHashMap<>();
    private final InstantSource clock;

    public RegionLoads(InstantSource clock) {
        this.clock = clock;
    }

    public void update(RelaySessions load) {
        relays.merge(load.relayId(), load, (old, fresh) -> fresh.at().isBefore(old.at()) ? old : fresh);
    }

    public List<RegionLoad> regions() {
        Instant oldest = clock.instant().minus(FRESH);
        relays.values().removeIf(load -> load.at().isBefore(oldest));
        Map<String, RegionLoad> byRegion = new TreeMap<>();
        for (RelaySessions load : relays.values()) {
            byRegion.merge(
                    load.region(),
                    new RegionLoad(load.region(), 1, load.playerSessions(), load.hostTunnels()),
                    RegionLoad::plus);
        }
        return List.copyOf(byRegion.values());
    }

    /** What the relays of a region carry together. */
    public record RegionLoad(String region, int relays, int playerSessions, int hostTunnels) {
        RegionLoad plus(RegionLoad other) {
            return new RegionLoad(
                    region,
                    relays + other.relays,
                    playerSessions + other.playerSessions,
                    hostTunnels + other.hostTunnels);
        }
    }
}
