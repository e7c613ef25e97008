package io.p2phost.assignment.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.selection.HostIndexTest.HostBuilder;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** For any history of hosts: a pick is never ineligible, never "none" while somebody is eligible, never far from the best. */
class PickPropertiesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Property(tries = 300)
    void pickAgreesWithAPlainLookAtEveryHost(@ForAll long seed, @ForAll @IntRange(min = 0, max = 60) int steps) {
        Random random = new Random(seed);
        HostIndex index = new HostIndex(HostIndexTest.rules(""), InstantSource.fixed(NOW), random::nextInt);
        List<HostId> hosts = new ArrayList<>();
        Map<HostId, Long> versions = new HashMap<>();
        for (int i = 0; i < steps; i++) {
            change(index, hosts, versions, random);
            check(index, hosts, random);
        }
    }

    private static void change(HostIndex index, List<HostId> hosts, Map<HostId, Long> versions, Random random) {
        boolean known = !hosts.isEmpty() && random.nextInt(3) > 0;
        HostStateChanged host = anyHost(random);
        if (known) {
            HostId id = hosts.get(random.nextInt(hosts.size()));
            switch (random.nextInt(4)) {
                case 0 -> index.setActiveMaps(id, random.nextInt(7));
                case 1 -> index.penalise(id, NOW.plusSeconds(random.nextInt(3) - 1));
                case 2 -> index.refresh();
                default -> {
                    long version = versions.merge(id, 1L, Long::sum);
                    index.put(withId(host, id), version);
                }
            }
        } else {
            hosts.add(host.hostId());
            versions.put(host.hostId(), 1L);
            index.put(host, 1);
        }
    }

    private static void check(HostIndex index, List<HostId> hosts, Random random) {
        Set<HostId> excluded = new HashSet<>();
        hosts.stream().filter(h -> random.nextInt(6) == 0).forEach(excluded::add);
        String region = random.nextBoolean() ? "eu" : null;
        PickRequest request = new PickRequest(1 + random.nextInt(3), region, excluded);
        // The explanation looks at every host by itself, without the rankings.
        List<Candidate> eligible = index.explain(request, 1_000).stream()
                .filter(candidate -> candidate.score() != null)
                .toList();
        HostId picked = index.pick(request);
        if (eligible.isEmpty()) {
            assertThat(picked).isNull();
            return;
        }
        double best =
                eligible.stream().mapToDouble(c -> c.score().total()).max().orElseThrow();
        Candidate choice = eligible.stream()
                .filter(candidate -> candidate.hostId().equals(picked))
                .findFirst()
                .orElseThrow(() -> new AssertionError(picked + " is not eligible"));
        // Without a region its term is 0 for every host, so the mean stays comparable.
        assertThat(choice.score().total()).isGreaterThanOrEqualTo(best - HostIndex.NEAR_TIE - 1e-9);
    }

    private static HostStateChanged anyHost(Random random) {
        HostLifeState[] states = HostLifeState.values();
        HostBuilder host = HostIndexTest.aHost()
                .state(random.nextInt(3) > 0 ? HostLifeState.READY : states[random.nextInt(states.length)])
                .region(random.nextBoolean() ? "eu" : "na")
                .tier(random.nextInt(4))
                .cpuGhz(3 + random.nextInt(4))
                .ram(8 << random.nextInt(3))
                .maxMaps(random.nextInt(8))
                .loads(random.nextInt(100), random.nextInt(100), random.nextInt(120))
                .latency(random.nextInt(130))
                .loss(random.nextInt(4))
                .readySince(NOW.minusSeconds(random.nextInt(10_000)));
        return random.nextInt(5) == 0 ? host.unmeasured().build() : host.build();
    }

    private static HostStateChanged withId(HostStateChanged host, HostId id) {
        return new HostStateChanged(
                id,
                host.accountId(),
                host.name(),
                host.region(),
                host.state(),
                host.tier(),
                host.cpuGhz(),
                host.cpuCores(),
                host.ramGb(),
                host.networkMbps(),
                host.maxMaps(),
                host.cpuPercent(),
                host.memoryPercent(),
                host.networkPercent(),
                host.latencyMs(),
                host.packetLossPercent(),
                host.readySince(),
                host.reason());
    }
}
