package io.p2phost.security.verdict;

import static io.p2phost.security.verdict.Fixtures.REFERENCE;
import static io.p2phost.security.verdict.Fixtures.judge;
import static io.p2phost.security.verdict.Fixtures.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Fact.Protocol;
import io.p2phost.contracts.event.Fact.Protocol.Kind;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProtocolRulesTest {
    private static final Ceilings HUNDRED = new Ceilings(Ceilings.GENEROUS.usual(), Map.of(), 100);

    @ParameterizedTest
    @CsvSource({
        "FORBIDDEN, FAILED",
        "MISSHAPEN, FAILED",
        "FOREIGN_ID, FAILED",
        "OVER_CEILING, FAILED",
        "NOT_ITS_PLAYER, INCONCLUSIVE",
        "NOT_HIS_GROUP, INCONCLUSIVE",
        "UNASKED, INCONCLUSIVE",
        "NOT_TAKEN, INCONCLUSIVE"
    })
    void onceConvictsOnlyWhatNoHonestHostSends(Kind kind, Outcome expected) {
        assertThat(judge(new Protocol(0x2b01, kind, 1)).outcome()).isEqualTo(expected);
    }

    @Test
    void findingNamesPacketAndKind() {
        assertThat(judge(new Protocol(0x2b28, Kind.FORBIDDEN, 2)).findings())
                .containsExactly("PROTOCOL: FORBIDDEN packet 2b28, 2 times (expected: never)");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"NOT_ITS_PLAYER", "NOT_HIS_GROUP", "UNASKED"})
    void lateAndEarlyPacketsConvictByNumber(Kind kind) {
        assertThat(outcome(observation(new Protocol(0x2b01, kind, 100)))).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(outcome(observation(new Protocol(0x2b01, kind, 101)))).isEqualTo(Outcome.FAILED);
        assertThat(outcome(observation(new Protocol(0x2b01, kind, 50), new Protocol(0x308b, Kind.NOT_ITS_PLAYER, 51))))
                .as("all of them together")
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void longerWindowHoldsMore() {
        Observation ten = observation(new Protocol(0x2b01, Kind.NOT_ITS_PLAYER, 101));
        assertThat(outcome(lasting(ten, 60))).isEqualTo(Outcome.FAILED);
        assertThat(outcome(lasting(ten, 61))).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void whatIsOnlyNotTakenNeverConvicts() {
        assertThat(outcome(observation(new Protocol(0x3049, Kind.NOT_TAKEN, Integer.MAX_VALUE))))
                .isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void harmlessRefusalsClearNobody() {
        assertThat(outcome(observation(new Protocol(0x3049, Kind.NOT_TAKEN, 1), new Fact.MonsterStats(1002, 1, 50L))))
                .isEqualTo(Outcome.INCONCLUSIVE);
    }

    private static Outcome outcome(Observation observation) {
        return new Judge(REFERENCE, Rates.STOCK, HUNDRED).judge(observation).outcome();
    }

    private static Observation lasting(Observation seen, long seconds) {
        return new Observation(
                seen.observationId(),
                seen.source(),
                seen.hostId(),
                seen.map(),
                seen.epoch(),
                seen.to().minusSeconds(seconds),
                seen.to(),
                seen.facts());
    }
}
