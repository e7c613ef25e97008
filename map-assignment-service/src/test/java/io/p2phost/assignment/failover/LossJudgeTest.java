package io.p2phost.assignment.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.failover.Failover.Decision;
import io.p2phost.assignment.failover.LossReport.Cause;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossJudgeTest {
    private final LossJudge judge = new LossJudge(
            new LossJudge.Rules(50, 5, Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(1)));

    @ParameterizedTest(name = "{0}, a relay hears it: {1}, db-proxy: {2}, {3} of {4} lost, held: {5} -> {6}")
    @CsvSource({
        // one host: what the others hear decides
        "TUNNEL_LOST,    false, false, 1, 10, false, GO_ON",
        "TUNNEL_LOST,    true,  false, 1, 10, false, STAY",
        "TUNNEL_LOST,    true,  true,  1, 10, false, STAY",
        "TUNNEL_LOST,    false, true,  1, 10, false, SAVE_FIRST",
        // without its char link a host cannot save, whoever hears it
        "CHAR_LINK_LOST, true,  false, 1, 10, false, GO_ON",
        "CHAR_LINK_LOST, false, false, 1, 10, false, GO_ON",
        "LEASE_EXPIRED,  true,  true,  1, 10, false, GO_ON",
        // many at once: the fault may be the reporter's
        "TUNNEL_LOST,    false, false, 5, 10, false, GO_ON",
        "TUNNEL_LOST,    false, false, 6, 10, false, HOLD",
        "CHAR_LINK_LOST, true,  false, 6, 10, false, HOLD",
        "TUNNEL_LOST,    true,  false, 6, 10, false, STAY",
        "TUNNEL_LOST,    false, true,  6, 10, false, SAVE_FIRST",
        "TUNNEL_LOST,    false, false, 4, 4,  false, GO_ON",
        "TUNNEL_LOST,    false, false, 5, 5,  false, HOLD",
        // 40 % of 200: a storm, not a fault of ours
        "TUNNEL_LOST,    false, false, 80, 200, false, GO_ON",
        // after the hold nobody waits again
        "TUNNEL_LOST,    false, false, 6, 10, true,  GO_ON",
        "TUNNEL_LOST,    true,  false, 6, 10, true,  STAY",
        "CHAR_LINK_LOST, false, true,  6, 10, true,  STAY",
        "CHAR_LINK_LOST, true,  false, 6, 10, true,  GO_ON"
    })
    void whatFollows(
            Cause cause, boolean relay, boolean dbProxy, int lost, int hosts, boolean held, Decision decision) {
        Observers.Heard heard = new Observers.Heard(relay ? Set.of("relay-2") : Set.of(), dbProxy);
        assertThat(judge.judge(cause, heard, lost, hosts, held)).isEqualTo(decision);
    }
}
