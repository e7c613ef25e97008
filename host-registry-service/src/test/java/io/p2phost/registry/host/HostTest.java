package io.p2phost.registry.host;

import static io.p2phost.contracts.HostLifeState.BLACKLISTED;
import static io.p2phost.contracts.HostLifeState.DRAINING;
import static io.p2phost.contracts.HostLifeState.ENROLLED;
import static io.p2phost.contracts.HostLifeState.OFFLINE;
import static io.p2phost.contracts.HostLifeState.READY;
import static io.p2phost.contracts.HostLifeState.UNHEALTHY;
import static io.p2phost.registry.host.HostFixture.GOOD;
import static io.p2phost.registry.host.HostFixture.IDLE;
import static io.p2phost.registry.host.HostFixture.aReadyHost;
import static io.p2phost.registry.host.HostFixture.anEnrolledHost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @Test
    void aHostThatJoinsIsReadyFromThenOn() {
        Host joined = anEnrolledHost().join(GOOD, 2, null, NOW);

        assertThat(joined)
                .extracting(Host::state, Host::tier, Host::capability, Host::sessionStartedAt, Host::readySince)
                .containsExactly(READY, 2, GOOD, NOW, NOW);
        assertThat(joined.version()).isEqualTo(2);
    }

    @Test
    void joiningAgainBeginsANewSessionWithoutTheOldLoad() {
        Host again = aReadyHost().loaded(IDLE, NOW).join(GOOD, 3, null, NOW.plusSeconds(9));

        assertThat(again.load()).isNull();
        assertThat(again.readySince()).isEqualTo(NOW.plusSeconds(9));
        assertThat(again.tier()).isEqualTo(3);
    }

    @Test
    void aHostThatLeavesIsOfflineAndLeavingTwiceChangesNothing() {
        Host left = aReadyHost().leave("left", NOW);

        assertThat(left).extracting(Host::state, Host::readySince, Host::reason).containsExactly(OFFLINE, null, "left");
        assertThat(left.leave("left", NOW)).isSameAs(left);
    }

    @Test
    void aMissedHostRecoversWithItsOldReadySince() {
        Host ready = aReadyHost();
        Host back = ready.miss(NOW).recover(NOW);

        assertThat(ready.miss(NOW).state()).isEqualTo(UNHEALTHY);
        assertThat(back.state()).isEqualTo(READY);
        assertThat(back.readySince()).isEqualTo(ready.readySince());
        assertThat(ready.recover(NOW)).isSameAs(ready);
    }

    @Test
    void aDrainOutlivesTheSession() {
        Host drained = aReadyHost().drained(NOW);

        assertThat(drained.state()).isEqualTo(DRAINING);
        assertThat(drained.miss(NOW)).as("silence does not end a drain").isSameAs(drained);
        assertThat(drained.leave("left", NOW).join(GOOD, 2, null, NOW).state()).isEqualTo(DRAINING);
        assertThat(drained.undrained(NOW).state()).isEqualTo(READY);
        assertThat(drained.drained(NOW)).isSameAs(drained);
    }

    @Test
    void whatItsOwnerWantsEndsWithTheSessionAndIsNoOperatorsDrain() {
        Host handsBack = aReadyHost().handsBack(true, NOW);

        assertThat(handsBack.state()).isEqualTo(DRAINING);
        assertThat(handsBack.drain()).isFalse();
        assertThat(handsBack.handsBack(true, NOW)).isSameAs(handsBack);
        assertThat(handsBack.handsBack(false, NOW).state()).isEqualTo(READY);
        assertThat(handsBack.leave("left", NOW).handsBack()).isFalse();
        assertThat(handsBack.join(GOOD, 2, null, NOW).state()).isEqualTo(READY);
        assertThat(handsBack.undrained(NOW)).isSameAs(handsBack);
        assertThat(anEnrolledHost().handsBack(true, NOW).handsBack())
                .as("outside a session")
                .isFalse();
    }

    @Test
    void bothDrainsHaveToEnd() {
        Host both = aReadyHost().drained(NOW).handsBack(true, NOW);

        assertThat(both.undrained(NOW).state()).isEqualTo(DRAINING);
        assertThat(both.undrained(NOW).handsBack(false, NOW).state()).isEqualTo(READY);
        assertThat(both.handsBack(false, NOW).state()).isEqualTo(DRAINING);
    }

    @Test
    void aHostCanBeDrainedBeforeItJoins() {
        Host drained = anEnrolledHost().drained(NOW);

        assertThat(drained.state()).isEqualTo(ENROLLED);
        assertThat(drained.join(GOOD, 2, null, NOW).state()).isEqualTo(DRAINING);
        assertThat(drained.undrained(NOW).state()).isEqualTo(ENROLLED);
    }

    @Test
    void aBlacklistedHostHasNoSessionAndMayNotJoin() {
        Host banned = aReadyHost().blacklisted("cheats", NOW);

        assertThat(banned.state()).isEqualTo(BLACKLISTED);
        assertThat(banned.inSession()).isFalse();
        assertThat(banned.blacklisted("again", NOW)).isSameAs(banned);
        assertThatThrownBy(() -> banned.join(GOOD, 2, null, NOW))
                .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.type()).isEqualTo(ProblemType.BLACKLISTED));
        assertThatThrownBy(() -> banned.drained(NOW))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.type()).isEqualTo(ProblemType.ILLEGAL_TRANSITION));
        assertThat(banned.unblacklisted(NOW).join(GOOD, 2, null, NOW).state()).isEqualTo(READY);
    }

    @Test
    void onlyABlacklistedHostIsTakenBack() {
        assertThatThrownBy(() -> aReadyHost().unblacklisted(NOW))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("is READY (expected: BLACKLISTED)");
    }

    @Test
    void aLoadIsKeptOnlyDuringASession() {
        assertThat(aReadyHost().loaded(IDLE, NOW).load()).isEqualTo(IDLE);
        Host offline = aReadyHost().leave("left", NOW);
        assertThat(offline.loaded(IDLE, NOW)).isSameAs(offline);
    }

    @ParameterizedTest
    @CsvSource({
        "ENROLLED, READY DRAINING QUARANTINED BLACKLISTED",
        "READY, READY UNHEALTHY OFFLINE DRAINING QUARANTINED BLACKLISTED",
        "UNHEALTHY, READY OFFLINE DRAINING QUARANTINED BLACKLISTED",
        "DRAINING, DRAINING READY OFFLINE QUARANTINED BLACKLISTED",
        "OFFLINE, READY DRAINING QUARANTINED BLACKLISTED",
        "QUARANTINED, QUARANTINED READY DRAINING OFFLINE BLACKLISTED",
        "BLACKLISTED, OFFLINE"
    })
    void onlyTheListedChangesAreLegal(HostLifeState from, String allowed) {
        Set<HostLifeState> expected = EnumSet.noneOf(HostLifeState.class);
        for (String name : allowed.split(" ")) {
            expected.add(HostLifeState.valueOf(name));
        }
        for (HostLifeState to : HostLifeState.values()) {
            assertThat(HostTransitions.allowed(from, to))
                    .as("%s to %s", from, to)
                    .isEqualTo(expected.contains(to));
        }
    }
}
