package io.p2phost.security.verdict;

import static io.p2phost.security.verdict.Fixtures.FIELD;
import static io.p2phost.security.verdict.Fixtures.REFERENCE;
import static io.p2phost.security.verdict.Fixtures.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.MapName;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import io.p2phost.security.reference.Reference;
import io.p2phost.security.verdict.Ceilings.Hourly;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaveRulesTest {
    private static final Ceilings CEILINGS = new Ceilings(new Hourly(6, 12, 36_000, 72_000, 3_600), Map.of(), 100);

    @ParameterizedTest
    @CsvSource({
        "6, 0, 0, 0, 3600, PASSED",
        "7, 0, 0, 0, 3600, FAILED",
        "0, 12, 0, 0, 3600, PASSED",
        "0, 13, 0, 0, 3600, FAILED",
        "0, 0, 36000, 0, 3600, PASSED",
        "0, 0, 36001, 0, 3600, FAILED",
        "0, 0, 0, 72000, 3600, PASSED",
        "0, 0, 0, 72001, 3600, FAILED",
        "0, 0, 18000, 0, 1800, PASSED",
        "0, 0, 18001, 0, 1800, FAILED",
        "1, 2, 6000, 12000, 1, PASSED",
        "2, 0, 0, 0, 1, FAILED",
        "0, 0, 6001, 0, 1, FAILED",
        "0, 0, 6010, 0, 601, PASSED",
        "0, 0, 6011, 0, 601, FAILED"
    })
    void gainsOfOnePlayerAreWithinTheHoursShare(
            int baseLevels, int jobLevels, long baseExp, long jobExp, long seconds, Outcome expected) {
        assertThat(outcome(new Fact.Save(baseLevels, jobLevels, baseExp, jobExp, 0, seconds)))
                .isEqualTo(expected);
    }

    @Test
    void findingNamesTheGainAndTheCeiling() {
        assertThat(judge(CEILINGS, new Fact.Save(0, 0, 36_001, 0, 0, 3_600)).findings())
                .containsExactly("SAVE: base experience +36001 in 3600 s (expected: at most 36000)");
    }

    @Test
    void zenyThatPassesBetweenPlayersIsNobodysGain() {
        Fact seller = new Fact.Save(0, 0, 0, 0, 1_000_000_000, 3_600);
        assertThat(outcome(seller)).isEqualTo(Outcome.FAILED);
        assertThat(outcome(seller, new Fact.Save(0, 0, 0, 0, -1_000_000_000, 3_600)))
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void zenyOutOfNothingIsFoundHoweverItIsSpread() {
        Fact share = new Fact.Save(0, 0, 0, 0, 3_600, 3_600);
        assertThat(outcome(share, share, share)).isEqualTo(Outcome.PASSED);
        assertThat(judge(CEILINGS, share, share, new Fact.Save(0, 0, 0, 0, 3_601, 3_600))
                        .findings())
                .containsExactly("SAVE: zeny +10801 among 3 players of prt_fild08 (expected: at most 10800)");
    }

    @Test
    void mapMayHaveCeilingsOfItsOwn() {
        Fact fact = new Fact.Save(0, 0, 36_000, 0, 0, 3_600);
        Hourly none = new Hourly(0, 0, 0, 0, 0);
        assertThat(judge(new Ceilings(CEILINGS.usual(), Map.of(FIELD, none), 1), fact)
                        .outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(judge(new Ceilings(CEILINGS.usual(), Map.of(new MapName("another"), none), 1), fact)
                        .outcome())
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void extremesDoNotOverflow() {
        Fact most = new Fact.Save(
                Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 3_600);
        Hourly limitless = new Hourly(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(outcome(most, most)).isEqualTo(Outcome.FAILED);
        assertThat(judge(new Ceilings(limitless, Map.of(), 1), most, most).outcome())
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void savesNeedNoReference() {
        assertThat(new Judge(Reference.NONE, Rates.STOCK, CEILINGS)
                        .judge(observation(new Fact.Save(7, 0, 0, 0, 0, 3_600)))
                        .outcome())
                .isEqualTo(Outcome.FAILED);
    }

    private static Outcome outcome(Fact... facts) {
        return judge(CEILINGS, facts).outcome();
    }

    private static Judgement judge(Ceilings ceilings, Fact... facts) {
        return new Judge(REFERENCE, Rates.STOCK, ceilings).judge(observation(facts));
    }
}
