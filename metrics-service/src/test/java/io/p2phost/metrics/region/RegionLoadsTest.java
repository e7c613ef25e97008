package io.p2phost.metrics.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.event.RelaySessions;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RegionLoadsTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final RegionLoads loads = new RegionLoads(now::get);

    @Test
    void relaysOfARegionAreSummed() {
        loads.update(load("a", "EU", START, 3));
        loads.update(load("b", "EU", START, 4));
        loads.update(load("c", "NA", START, 5));
        assertThat(loads.regions())
                .containsExactly(new RegionLoads.RegionLoad("EU", 2, 7, 2), new RegionLoads.RegionLoad("NA", 1, 5, 1));
    }

    @Test
    void olderReportDoesNotReplaceANewerOne() {
        loads.update(load("a", "EU", START, 9));
        loads.update(load("a", "EU", START.minusSeconds(5), 1));
        assertThat(loads.regions())
                .extracting(RegionLoads.RegionLoad::playerSessions)
                .containsExactly(9);
    }

    @Test
    void silentRelayNoLongerCounts() {
        loads.update(load("a", "EU", START, 9));
        now.set(START.plusSeconds(61));
        assertThat(loads.regions()).isEmpty();
    }

    private static RelaySessions load(String relay, String region, Instant at, int players) {
        return new RelaySessions(relay, region, at, players, 1, 1, 0, 0);
    }
}
