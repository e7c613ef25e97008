package io.p2phost.assignment.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.failover.Failover.Decision;
import io.p2phost.assignment.failover.LossReport.Cause;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every store of failovers must do. Every case has a host of its own, because the real one is shared. */
public abstract class FailoverRowsContract {
    private static final Instant NOW = Instant.parse("2001-11-21T12:00:00Z");
    private static final MapName MAP = MapName.of("f_one");
    private static final MapName OTHER = MapName.of("f_two");

    private final HostId host = HostId.random();

    protected abstract FailoverRows rows();

    @Test
    void secondReportJoinsTheOpenFailoverAndAddsItsMaps() {
        Failover first = open("relay-1", Map.of(MAP, Epoch.of(3)));
        assertThat(first.decision()).isNull();
        assertThat(first.reporter()).isEqualTo("relay-1");
        Failover second = open("db-proxy", Map.of(MAP, Epoch.of(3), OTHER, Epoch.of(1)));
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.reporter()).as("who came first").isEqualTo("relay-1");
        assertThat(second.steps()).extracting(Failover.Step::map).containsExactly(MAP, OTHER);
    }

    @Test
    void ofManyReportsAtOnceOneOpens() throws Exception {
        List<Callable<Failover>> reports = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String reporter = "relay-" + i;
            reports.add(() -> open(reporter, Map.of(MAP, Epoch.of(3))));
        }
        Set<UUID> ids = new HashSet<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (Future<Failover> report : executor.invokeAll(reports)) {
                ids.add(report.get().id());
            }
        }
        assertThat(ids).hasSize(1);
    }

    @Test
    void reportThatJoinsOneThatIsJustClosedOpensAnother() throws Exception {
        List<Callable<Failover>> reports = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String reporter = "relay-" + i;
            reports.add(() -> rows().close(open(reporter, Map.of()).id(), NOW));
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (Future<Failover> report : executor.invokeAll(reports)) {
                assertThat(isOpen(report.get())).isFalse();
            }
        }
    }

    @Test
    void failoverEndsWithItsLastStepAndTheNextLossOpensAnother() {
        Failover failover = open("relay-1", Map.of(MAP, Epoch.of(3), OTHER, Epoch.of(1)));
        rows().done(failover.id(), MAP, Epoch.of(4), Owner.vps("v", "a:1"), NOW);
        assertThat(rows().close(failover.id(), NOW).steps())
                .extracting(Failover.Step::done)
                .containsExactly(true, false);
        assertThat(isOpen(failover)).isTrue();
        rows().tried(failover.id(), OTHER);
        rows().done(failover.id(), OTHER, Epoch.of(2), null, NOW);
        rows().close(failover.id(), NOW);
        assertThat(isOpen(failover)).isFalse();
        assertThat(open("relay-1", Map.of()).id()).isNotEqualTo(failover.id());
    }

    @Test
    void stepOpensAgainForALaterEpochOnly() {
        Failover failover = open("relay-1", Map.of(MAP, Epoch.of(3), OTHER, Epoch.of(1)));
        rows().done(failover.id(), MAP, Epoch.of(4), null, NOW);
        assertThat(open("relay-2", Map.of(MAP, Epoch.of(3))).steps().getFirst().done())
                .isTrue();
        Failover again = open("relay-2", Map.of(MAP, Epoch.of(5)));
        assertThat(again.steps().getFirst().done()).isFalse();
        assertThat(again.steps().getFirst().fromEpoch()).isEqualTo(Epoch.of(5));
    }

    @ParameterizedTest(name = "{0}, then {1} -> {2}")
    @CsvSource({
        "STAY, GO_ON, STAY",
        "HOLD, STAY, STAY",
        "HOLD, SAVE_FIRST, SAVE_FIRST",
        "HOLD, GO_ON, GO_ON",
        "SAVE_FIRST, STAY, SAVE_FIRST",
        "SAVE_FIRST, HOLD, SAVE_FIRST",
        "SAVE_FIRST, GO_ON, GO_ON",
        "GO_ON, STAY, GO_ON",
        "GO_ON, HOLD, GO_ON",
        "GO_ON, SAVE_FIRST, GO_ON"
    })
    void strongerDecisionCounts(Decision first, Decision second, Decision result) {
        Failover failover = open("relay-1", Map.of(MAP, Epoch.of(3)));
        Instant until = first == Decision.HOLD ? NOW.plusSeconds(3) : null;
        Failover decided = rows().decide(failover.id(), first, until, NOW);
        assertThat(decided.decision()).isEqualTo(first);
        assertThat(decided.notBefore()).isEqualTo(until);
        assertThat(decided.waitsAt(NOW)).isEqualTo(first == Decision.HOLD);
        assertThat(isOpen(failover)).isEqualTo(first != Decision.STAY && first != Decision.HOLD);

        Failover again = rows().decide(failover.id(), second, second == Decision.HOLD ? NOW.plusSeconds(9) : null, NOW);

        assertThat(again.decision()).isEqualTo(result);
        assertThat(again.waitsAt(NOW)).isFalse();
        assertThat(isOpen(failover)).isEqualTo(result != Decision.STAY);
    }

    @Test
    void failoverThatWaitsIsLeftAloneUntilThen() {
        Failover failover = open("relay-1", Map.of(MAP, Epoch.of(3)));
        rows().decide(failover.id(), Decision.HOLD, NOW.plusSeconds(3), NOW);
        assertThat(openAt(NOW.plusMillis(2_999))).doesNotContain(failover.id());
        assertThat(openAt(NOW.plusSeconds(3))).contains(failover.id());
    }

    @Test
    void lostAreHostsThatNobodyElseHeard() {
        Failover failover = open("relay-1", Map.of());
        assertThat(rows().lostSince(NOW.minusSeconds(1))).containsEntry(host, NOW);
        assertThat(rows().lostSince(NOW)).doesNotContainKey(host);
        rows().decide(failover.id(), Decision.STAY, null, NOW);
        assertThat(rows().lostSince(NOW.minusSeconds(1))).doesNotContainKey(host);
        HostId drained = HostId.random();
        rows().open(new LossReport(drained, "host-registry", Cause.HOST_STATE, NOW), Map.of(), NOW);
        assertThat(rows().lostSince(NOW.minusSeconds(1))).doesNotContainKey(drained);
    }

    @Test
    void endedOnesAreForgottenInTime() {
        Failover failover = open("relay-1", Map.of());
        rows().close(failover.id(), NOW);
        rows().forget(NOW, 1_000);
        assertThat(rows().lostSince(NOW.minusSeconds(1))).containsKey(host);
        rows().forget(NOW.plusSeconds(1), 1_000);
        assertThat(rows().lostSince(NOW.minusSeconds(1))).doesNotContainKey(host);
    }

    private Failover open(String reporter, Map<MapName, Epoch> maps) {
        return rows().open(new LossReport(host, reporter, Cause.TUNNEL_LOST, NOW), maps, NOW);
    }

    private boolean isOpen(Failover failover) {
        return openAt(NOW).contains(failover.id());
    }

    private List<UUID> openAt(Instant now) {
        return rows().open(NOW.plusSeconds(1), now, 1_000).stream()
                .map(Failover::id)
                .toList();
    }
}
