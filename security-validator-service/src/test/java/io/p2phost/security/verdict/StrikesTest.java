package io.p2phost.security.verdict;

import static io.p2phost.contracts.event.VerdictReached.Outcome.FAILED;
import static io.p2phost.contracts.event.VerdictReached.Outcome.INCONCLUSIVE;
import static io.p2phost.contracts.event.VerdictReached.Outcome.PASSED;
import static io.p2phost.security.verdict.Fixtures.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import org.junit.jupiter.api.Test;

class StrikesTest {
    private static final int LIMIT = 3;

    private Strikes strikes = Strikes.NONE;

    @Test
    void theThirdConsecutiveFailureBlacklistsAndTheFourthDoesNotAgain() {
        assertThat(take(FAILED, 1)).isFalse();
        assertThat(take(FAILED, 2)).isFalse();
        assertThat(take(FAILED, 3)).isTrue();
        assertThat(take(FAILED, 4)).isFalse();
        assertThat(strikes.count()).isEqualTo(4);
        assertThat(strikes.blacklisted()).isTrue();
    }

    @Test
    void aPassResetsAndAnInconclusiveVerdictDoesNeither() {
        take(FAILED, 1);
        take(FAILED, 2);
        take(INCONCLUSIVE, 3);
        assertThat(strikes.count()).isEqualTo(2);
        take(PASSED, 4);
        assertThat(strikes.count()).isZero();
        take(FAILED, 5);
        take(FAILED, 6);
        take(INCONCLUSIVE, 7);
        assertThat(take(FAILED, 8)).isTrue();
    }

    @Test
    void lateVerdictsCountWhereTheyBelong() {
        take(FAILED, 10);
        take(FAILED, 20);
        take(PASSED, 15);
        assertThat(strikes.count())
                .as("a pass seen before the newest failure absolves nothing")
                .isEqualTo(2);
        take(PASSED, 30);
        assertThat(take(FAILED, 25)).isFalse();
        assertThat(strikes.count())
                .as("a failure seen before the newest pass does not count")
                .isZero();
    }

    @Test
    void aPassSeenAtTheSameInstantAsTheFailureAbsolves() {
        take(FAILED, 10);
        take(PASSED, 10);
        assertThat(strikes.count()).isZero();
    }

    @Test
    void statesBeforeTheRegistryKnowsOfTheBanDoNotLiftIt() {
        blacklist();
        strikes = strikes.afterState(HostLifeState.READY, 7);
        assertThat(strikes.blacklisted()).isTrue();
        strikes = strikes.afterState(HostLifeState.BLACKLISTED, 8);
        assertThat(strikes.blacklisted()).isTrue();
        strikes = strikes.afterState(HostLifeState.READY, 7);
        assertThat(strikes.blacklisted()).as("an old state heard again").isTrue();
        strikes = strikes.afterState(HostLifeState.OFFLINE, 9);
        assertThat(strikes.blacklisted()).isFalse();
        assertThat(strikes.count()).isZero();
    }

    @Test
    void afterTheBanWasLiftedThreeNewFailuresBlacklistAgain() {
        blacklist();
        strikes = strikes.afterState(HostLifeState.BLACKLISTED, 1).afterState(HostLifeState.OFFLINE, 2);
        assertThat(take(FAILED, 11)).isFalse();
        assertThat(take(FAILED, 12)).isFalse();
        assertThat(take(FAILED, 13)).isTrue();
    }

    @Test
    void everyChangeHasAHigherVersion() {
        long before = strikes.version();
        take(INCONCLUSIVE, 1);
        assertThat(strikes.version()).isEqualTo(before + 1);
        assertThat(strikes.afterState(HostLifeState.READY, 3))
                .as("nothing to lift")
                .isSameAs(strikes);
        strikes = strikes.afterState(HostLifeState.BLACKLISTED, 4);
        assertThat(strikes.version()).isEqualTo(before + 2);
        assertThat(strikes.afterState(HostLifeState.BLACKLISTED, 4)).isSameAs(strikes);
        assertThat(strikes.afterState(HostLifeState.READY, 5).version()).isEqualTo(before + 3);
    }

    private void blacklist() {
        for (int i = 1; i <= LIMIT; i++) {
            take(FAILED, i);
        }
    }

    private boolean take(Outcome outcome, int second) {
        Strikes.Step step = strikes.after(outcome, NOON.plusSeconds(second), LIMIT);
        strikes = step.next();
        return step.blacklist();
    }
}
