package io.p2phost.security.verdict;

import static io.p2phost.security.verdict.Fixtures.REFERENCE;
import static io.p2phost.security.verdict.Fixtures.judge;
import static io.p2phost.security.verdict.Fixtures.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import io.p2phost.security.reference.Reference;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {
    @ParameterizedTest(name = "level {0}, HP {1}: {2}")
    @CsvSource({"1,50,PASSED", "2,50,FAILED", "1,49,FAILED", "1,51,FAILED", "0,50,FAILED"})
    void monsterFiguresAreExact(int level, long hp, Outcome expected) {
        assertThat(judge(new Fact.MonsterStats(1002, level, hp)).outcome()).isEqualTo(expected);
    }

    @Test
    void whatPlayersPacketsToldIsKeptAndByItselfNeitherConvictsNorClears() {
        Fact mobs = new Fact.Mobs(1, 99, 500, 500, 500, 500);
        Fact gained = new Fact.Gained(1, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 1, 0);
        assertThat(judge(mobs, gained)).isEqualTo(new Judgement(Outcome.INCONCLUSIVE, List.of(), "r1"));
        assertThat(judge(mobs, new Fact.MonsterStats(1002, 1, 50L)).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(judge(mobs, new Fact.MonsterStats(1002, 2, 50L)).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void figuresThatWereNotSeenAreNotJudged() {
        assertThat(judge(new Fact.MonsterStats(1002, null, null)).outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void aLevelThatASpawnLineSetsIsTrueOnItsMapOnly() {
        assertThat(judge(new Fact.MonsterStats(1007, 9, 63L)).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(judge(new Fact.MonsterStats(1002, 9, 50L)).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void theServersRatesScaleHp() {
        Rates rates = new Rates(150, 200, 100, 100, 500, 100, Set.of(), Set.of());
        Judge judge = new Judge(REFERENCE, rates, Ceilings.GENEROUS);

        assertThat(judge.judge(observation(
                                new Fact.MonsterStats(1002, 1, 75L), new Fact.MonsterStats(1039, 81, 1_336_000L)))
                        .outcome())
                .isEqualTo(Outcome.PASSED);
        assertThat(judge.judge(observation(new Fact.MonsterStats(1039, 81, 668_000L)))
                        .findings())
                .containsExactly("MONSTER_STATS: HP 668000 of monster 1039 (expected: 1336000)");
    }

    @Test
    void anItemOutsideTheMonstersTableConvictsAtOnce() {
        assertThat(judge(new Fact.Drop(1002, 909, 1, 1)).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(judge(new Fact.Drop(1002, 607, 1, 1_000)))
                .isEqualTo(new Judgement(
                        Outcome.FAILED,
                        List.of("DROP: item 607 from monster 1002 (expected: one of its 2 items)"),
                        "r1"));
    }

    @ParameterizedTest(name = "{0} from {1} kills: {2}")
    @CsvSource({"1,1,PASSED", "2,1,PASSED", "3,1,FAILED", "20,10,PASSED", "21,10,FAILED", "0,1,PASSED"})
    void eachTableEntryYieldsAtMostOneItemPerKill(int count, int kills, Outcome expected) {
        assertThat(judge(new Fact.Drop(1002, 512, count, kills)).outcome()).isEqualTo(expected);
    }

    @Test
    void anUnknownItemIsInconclusiveOnlyWhileTheTableItselfHasUnknownNames() {
        assertThat(judge(new Fact.Drop(1007, 5_000, 1, 1)).outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(judge(new Fact.Drop(1007, 909, 1, 1)).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(judge(new Fact.Drop(1002, 5_000, 1, 1)).outcome()).isEqualTo(Outcome.FAILED);
    }

    @ParameterizedTest(name = "{0} alive: {1}")
    @CsvSource({"0,PASSED", "80,PASSED", "81,FAILED"})
    void noMoreMonstersLiveThanTheSpawnLinesHold(int living, Outcome expected) {
        assertThat(judge(new Fact.Spawn(1002, living)).outcome()).isEqualTo(expected);
    }

    @Test
    void aMonsterOfAnotherMapConvicts() {
        assertThat(judge(new Fact.Spawn(1039, 1)).outcome()).isEqualTo(Outcome.FAILED);
        Rates withSummons = new Rates(100, 100, 100, 100, 500, 100, Set.of(), Set.of(1039));
        assertThat(new Judge(REFERENCE, withSummons, Ceilings.GENEROUS)
                        .judge(observation(new Fact.Spawn(1039, 1)))
                        .outcome())
                .isEqualTo(Outcome.PASSED);
    }

    @ParameterizedTest(name = "skill {0} level {1}: {2}")
    @CsvSource({"28,10,PASSED", "28,11,FAILED", "142,1,PASSED", "142,2,FAILED", "9999,1,FAILED"})
    void skillsAreKnownAndWithinTheirLevels(int skill, int level, Outcome expected) {
        assertThat(judge(new Fact.Skill(skill, level)).outcome()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} base, {1} job: {2}")
    @CsvSource({"2,1,PASSED", "10,5,PASSED", "11,5,FAILED", "10,6,FAILED", "0,0,PASSED"})
    void experienceForAKillHasACeiling(long base, long job, Outcome expected) {
        assertThat(judge(new Fact.Kill(1002, base, job)).outcome()).isEqualTo(expected);
    }

    @Test
    void ceilingsOfHugeRatesDoNotOverflow() {
        Rates rates = new Rates(100, 100, 10_000_000, 10_000_000, 10_000_000, 100, Set.of(), Set.of());

        assertThat(new Judge(REFERENCE, rates, Ceilings.GENEROUS)
                        .judge(observation(new Fact.Kill(1039, 1_000_000_000L, 1)))
                        .outcome())
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void withoutAReferenceNothingIsDecided() {
        Judge judge = new Judge(Reference.NONE, Rates.STOCK, Ceilings.GENEROUS);

        for (Fact fact : List.of(
                new Fact.Spawn(1002, 10_000),
                new Fact.Drop(1002, 1, 1, 1),
                new Fact.MonsterStats(1002, 99, 1L),
                new Fact.Kill(1002, 1_000_000, 1),
                new Fact.Skill(28, 99))) {
            Judgement judgement = judge.judge(observation(fact));
            assertThat(judgement.outcome()).as(fact.toString()).isEqualTo(Outcome.INCONCLUSIVE);
            assertThat(judgement.findings()).hasSize(1);
        }
    }

    @Test
    void unknownMonstersAndMapsAreInconclusiveButDoNotHideABrokenRule() {
        assertThat(judge(new Fact.MonsterStats(4_711, 1, 1L)).outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(judge(new Fact.Spawn(4_711, 1)).outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        Observation elsewhere = new Observation(
                "o",
                "relay",
                HostId.random(),
                new MapName("nowhere"),
                Epoch.of(1),
                Fixtures.NOON,
                Fixtures.NOON,
                List.of(new Fact.Spawn(1002, 1)));
        assertThat(new Judge(REFERENCE, Rates.STOCK, Ceilings.GENEROUS)
                        .judge(elsewhere)
                        .outcome())
                .isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(judge(new Fact.MonsterStats(4_711, 1, 1L), new Fact.Skill(28, 11))
                        .outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(judge().outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void findingsAreBounded() {
        Fact[] facts = Collections.nCopies(500, new Fact.Skill(28, 11)).toArray(Fact[]::new);

        assertThat(judge(facts).findings()).hasSize(Judge.MAX_FINDINGS);
    }
}
