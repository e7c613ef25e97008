package io.p2phost.assignment.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.config.ConfigReader;
import io.p2phost.assignment.config.FirstFiles;
import io.p2phost.assignment.config.Reading;
import io.p2phost.assignment.selection.Refusal.Gate;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostIndexTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final InstantSource clock = now::get;
    private final Random random = new Random(7);
    private final HostIndex index = new HostIndex(rules(""), clock, random::nextInt);

    @Test
    void emptyIndexHasNobody() {
        assertThat(index.pick(PickRequest.of(1, null))).isNull();
        assertThat(index.explain(PickRequest.of(1, null), 10)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = HostLifeState.class, names = "READY", mode = EnumSource.Mode.EXCLUDE)
    void onlyReadyHostsAreChosen(HostLifeState state) {
        put(aHost().state(state));
        assertThat(index.pick(PickRequest.of(1, null))).isNull();
        assertThat(refusal()).isEqualTo(Gate.STATE);
    }

    @Test
    void eachGateRefusesWithValueAndExpectation() {
        assertRefused(aHost().tier(1), 2, Gate.TIER, "tier: 1 (expected: >= 2)");
        assertRefused(aHost().tier(0), 1, Gate.TIER, "tier: 0 (expected: 1 to 3)");
        assertRefused(aHost().loads(81, 0, 0), 1, Gate.CPU_LOAD, "cpu: 81.0 % (expected: <= 80.0)");
        assertRefused(aHost().loads(0, 86, 0), 1, Gate.MEMORY_LOAD, "memory: 86.0 % (expected: <= 85.0)");
        assertRefused(aHost().loads(0, 0, 100.5), 1, Gate.NETWORK_LOAD, "network: 100.5 % (expected: <= 100.0)");
        assertRefused(aHost().latency(101), 1, Gate.LATENCY, "latency: 101.0 ms (expected: <= 100)");
        assertRefused(aHost().maxMaps(0), 1, Gate.MAP_SLOTS, "maps: 0 (expected: < 0)");
    }

    private void assertRefused(HostBuilder host, int tier, Gate gate, String detail) {
        HostIndex one = new HostIndex(rules(""), clock, random::nextInt);
        one.put(host.build(), 1);
        assertThat(one.pick(PickRequest.of(tier, null))).isNull();
        assertThat(one.explain(PickRequest.of(tier, null), 1).getFirst().refusal())
                .isEqualTo(new Refusal(gate, detail));
    }

    @Test
    void whatRelaysMeasureCountsAndWhatTheHostSaysNoMore() {
        HostId liar = put(aHost().latency(0));
        HostId honest = put(aHost().latency(30));
        index.measured(Map.of(liar, 70d, honest, 28d));
        assertThat(index.explain(PickRequest.of(1, null), 2).getFirst().hostId())
                .isEqualTo(honest);
        index.measured(Map.of(liar, 140d, honest, 28d));
        assertThat(index.explain(PickRequest.of(1, null), 2).getLast().refusal())
                .isEqualTo(new Refusal(Gate.LATENCY, "latency: 140.0 ms (expected: <= 100)"));

        index.put(index.find(liar).orElseThrow().withLatency(0), 9);
        assertThat(index.find(liar).orElseThrow().latencyMs())
                .as("it may say what it likes")
                .isEqualTo(140);
        index.measured(Map.of());
        assertThat(index.find(liar).orElseThrow().latencyMs())
                .as("nobody measures it")
                .isZero();
    }

    @Test
    void limitsThemselvesArePassed() {
        HostId host = put(aHost().loads(80, 85, 100).latency(100));
        assertThat(index.pick(PickRequest.of(1, null))).isEqualTo(host);
    }

    @Test
    void mapSlotsAreTheLowerOfTheHostsWishAndTheOperatorsLimit() {
        HostId modest = put(aHost().maxMaps(2));
        HostId greedy = put(aHost().maxMaps(50));
        assertThat(index.slotsOf(modest)).isEqualTo(2);
        assertThat(index.slotsOf(greedy)).isEqualTo(5);
        index.setActiveMaps(modest, 2);
        index.setActiveMaps(greedy, 5);
        assertThat(index.pick(PickRequest.of(1, null))).isNull();
        index.setActiveMaps(greedy, 4);
        assertThat(index.pick(PickRequest.of(1, null))).isEqualTo(greedy);
    }

    @Test
    void excludedAndPenalisedHostsArePassedOver() {
        HostId host = put(aHost());
        assertThat(index.pick(new PickRequest(1, null, Set.of(host)))).isNull();
        index.penalise(host, NOW.plusSeconds(60));
        index.penalise(host, NOW.plusSeconds(5));
        now.set(NOW.plusSeconds(30));
        assertThat(index.pick(PickRequest.of(1, null))).isNull();
        assertThat(refusal()).isEqualTo(Gate.PENALTY);
        now.set(NOW.plusSeconds(60));
        assertThat(index.pick(PickRequest.of(1, null))).isEqualTo(host);
    }

    @Test
    void forgivenHostIsChosenAgain() {
        HostId host = put(aHost());
        index.penalise(host, NOW.plusSeconds(60));
        index.forgive();
        assertThat(index.pick(PickRequest.of(1, null))).isEqualTo(host);
    }

    @Test
    void tooFewReadyHostsGiveNobody() {
        HostIndex careful = new HostIndex(rules("min_hosts: 2\n"), clock, random::nextInt);
        careful.put(aHost().build(), 1);
        assertThat(careful.pick(PickRequest.of(1, null))).isNull();
        assertThat(careful.explain(PickRequest.of(1, null), 1)
                        .getFirst()
                        .refusal()
                        .gate())
                .isEqualTo(Gate.MIN_HOSTS);
        careful.put(aHost().build(), 1);
        assertThat(careful.pick(PickRequest.of(1, null))).isNotNull();
    }

    @Test
    void strongerMachineWinsAllElseEqual() {
        put(aHost().cpuGhz(3.0));
        HostId strong = put(aHost().cpuGhz(6.0).ram(64).network(1000).cores(16));
        assertThat(picks(20)).containsOnlyKeys(strong);
    }

    @Test
    void freeHostWinsOverABusyOne() {
        put(aHost().loads(75, 80, 50));
        HostId free = put(aHost().loads(5, 20, 1));
        assertThat(picks(20)).containsOnlyKeys(free);
    }

    @Test
    void hostWithoutLossWinsOverAStrongerOneWithLoss() {
        put(aHost().cpuGhz(6.0).ram(64).network(1000).cores(16).loss(2));
        HostId clean = put(aHost());
        assertThat(picks(20)).containsOnlyKeys(clean);
    }

    @Test
    void playersRegionWins() {
        put(aHost().region("na"));
        HostId near = put(aHost().region("eu"));
        for (int i = 0; i < 20; i++) {
            assertThat(index.pick(PickRequest.of(1, "EU"))).isEqualTo(near);
        }
    }

    @Test
    void hostThatStaysLongerWins() {
        put(aHost().readySince(NOW));
        HostId steady = put(aHost().readySince(NOW.minus(Duration.ofHours(10))));
        assertThat(picks(20)).containsOnlyKeys(steady);
    }

    @Test
    void nearTiesAreSharedOut() {
        for (int i = 0; i < 4; i++) {
            put(aHost());
        }
        Map<HostId, Integer> picks = picks(4_000);
        assertThat(picks).hasSize(4);
        assertThat(picks.values()).allMatch(n -> n > 800 && n < 1_200);
    }

    @Test
    void oldNewsDoNotReplaceNewer() {
        HostStateChanged ready = aHost().build();
        index.put(ready, 5);
        index.put(new HostBuilder(ready).state(HostLifeState.OFFLINE).build(), 4);
        assertThat(index.pick(PickRequest.of(1, null))).isEqualTo(ready.hostId());
        index.put(new HostBuilder(ready).state(HostLifeState.OFFLINE).build(), 6);
        assertThat(index.pick(PickRequest.of(1, null))).isNull();
        assertThat(index.readyHosts()).isZero();
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void newRulesCountAtOnce() {
        HostId host = put(aHost().latency(90));
        assertThat(index.pick(PickRequest.of(1, null))).isEqualTo(host);
        index.configure(rules("max_latency_ms: 50\n"));
        assertThat(index.pick(PickRequest.of(1, null))).isNull();
        index.configure(rules("max_latency_ms: 90\n"));
        assertThat(index.pick(PickRequest.of(1, null))).isEqualTo(host);
    }

    @Test
    void stabilityGrowsWithTimeAlone() {
        HostId host = put(aHost().readySince(NOW));
        double before = index.score(host, 1, null).orElseThrow().total();
        now.set(NOW.plus(Duration.ofHours(2)));
        index.refresh();
        assertThat(index.score(host, 1, null).orElseThrow().total()).isGreaterThan(before);
        assertThat(index.pick(PickRequest.of(1, null))).isEqualTo(host);
    }

    @Test
    void scoreIsTheWeightedMeanOfItsTerms() {
        HostId host = put(aHost());
        Score score = index.score(host, 1, "eu").orElseThrow();
        double sum =
                score.terms().stream().mapToDouble(t -> t.value() * t.weight()).sum();
        double weights = score.terms().stream().mapToDouble(Score.Term::weight).sum();
        assertThat(score.total()).isCloseTo(sum / weights, org.assertj.core.data.Offset.offset(1e-12));
        assertThat(score.terms())
                .extracting(Score.Term::name)
                .containsExactly("capability", "free_capacity", "latency", "loss", "stability", "region");
        assertThat(score.terms()).allMatch(t -> t.value() >= 0 && t.value() <= 1);
    }

    @Test
    void explanationListsTheBestFirstAndIsBounded() {
        for (int i = 0; i < 20; i++) {
            put(aHost().loads(i, i, i));
        }
        put(aHost().state(HostLifeState.DRAINING));
        List<Candidate> all = index.explain(PickRequest.of(1, null), 100);
        assertThat(all).hasSize(21);
        assertThat(all.getLast().refusal()).isNotNull();
        for (int i = 1; i < 20; i++) {
            assertThat(all.get(i).score().total())
                    .isLessThanOrEqualTo(all.get(i - 1).score().total());
        }
        assertThat(index.explain(PickRequest.of(1, null), 5)).hasSize(5);
    }

    private Map<HostId, Integer> picks(int times) {
        Map<HostId, Integer> picks = new HashMap<>();
        for (int i = 0; i < times; i++) {
            picks.merge(index.pick(PickRequest.of(1, null)), 1, Integer::sum);
        }
        return picks;
    }

    private Gate refusal() {
        return index.explain(PickRequest.of(1, null), 1).getFirst().refusal().gate();
    }

    private HostId put(HostBuilder host) {
        HostStateChanged built = host.build();
        index.put(built, 1);
        return built.hostId();
    }

    static SelectionRules rules(String mapConfig) {
        Map<String, String> files = FirstFiles.packaged();
        files.put("p2p_map_config.conf", mapConfig);
        files.put("p2p_settings.conf", "");
        return SelectionRules.of(((Reading.Accepted) ConfigReader.read(files)).config());
    }

    static HostBuilder aHost() {
        return new HostBuilder();
    }

    /** A host that passes every gate of tier 1, at the minimum. */
    static final class HostBuilder {
        private HostId id = HostId.random();
        private HostLifeState state = HostLifeState.READY;
        private String region = "eu";
        private int tier = 1;
        private double cpuGhz = 3.0;
        private int cores = 4;
        private double ram = 8;
        private double network = 100;
        private int maxMaps = 5;
        private Double cpu = 10.0;
        private Double memory = 10.0;
        private Double net = 10.0;
        private Double latency = 20.0;
        private Double loss = 0.0;
        private Instant readySince = NOW.minusSeconds(600);

        HostBuilder() {}

        HostBuilder(HostStateChanged host) {
            id = host.hostId();
        }

        HostBuilder state(HostLifeState value) {
            state = value;
            return this;
        }

        HostBuilder region(String value) {
            region = value;
            return this;
        }

        HostBuilder tier(int value) {
            tier = value;
            return this;
        }

        HostBuilder cpuGhz(double value) {
            cpuGhz = value;
            return this;
        }

        HostBuilder cores(int value) {
            cores = value;
            return this;
        }

        HostBuilder ram(double value) {
            ram = value;
            return this;
        }

        HostBuilder network(double value) {
            network = value;
            return this;
        }

        HostBuilder maxMaps(int value) {
            maxMaps = value;
            return this;
        }

        HostBuilder loads(double cpuPercent, double memoryPercent, double networkPercent) {
            cpu = cpuPercent;
            memory = memoryPercent;
            net = networkPercent;
            return this;
        }

        HostBuilder unmeasured() {
            cpu = null;
            memory = null;
            net = null;
            latency = null;
            loss = null;
            return this;
        }

        HostBuilder latency(double value) {
            latency = value;
            return this;
        }

        HostBuilder loss(double value) {
            loss = value;
            return this;
        }

        HostBuilder readySince(Instant value) {
            readySince = value;
            return this;
        }

        HostStateChanged build() {
            return new HostStateChanged(
                    id,
                    2_000_001,
                    "host",
                    region,
                    state,
                    tier,
                    cpuGhz,
                    cores,
                    ram,
                    network,
                    maxMaps,
                    cpu,
                    memory,
                    net,
                    latency,
                    loss,
                    readySince,
                    null);
        }
    }
}
