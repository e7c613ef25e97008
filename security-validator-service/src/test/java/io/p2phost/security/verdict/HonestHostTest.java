package io.p2phost.security.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import io.p2phost.security.reference.Monster;
import io.p2phost.security.reference.Reference;
import io.p2phost.security.reference.Spawn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A host that does what its own files say is never failed, whatever the files and rates are. */
class HonestHostTest {
    @Property(tries = 500)
    void honestFactsNeverFail(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 1_000_000) int expRate,
            @ForAll @IntRange(min = 1, max = 5_000) int hpRate,
            @ForAll @IntRange(min = 100, max = 10_000) int headroom,
            @ForAll @IntRange(min = 0, max = 1_000) int mobCount) {
        Random random = new Random(seed);
        Rates rates = new Rates(hpRate, hpRate, expRate, expRate, headroom, mobCount, Set.of(), Set.of());
        Monster monster = new Monster(
                1 + random.nextInt(5_000),
                "MOB",
                1 + random.nextInt(200),
                1 + random.nextInt(Integer.MAX_VALUE),
                random.nextInt(Integer.MAX_VALUE),
                random.nextInt(Integer.MAX_VALUE),
                random.nextBoolean(),
                Map.of(501, 1 + random.nextInt(3)),
                Set.of());
        int amount = random.nextInt(1_000);
        Reference reference = new Reference(
                "r",
                Map.of(monster.id(), monster),
                Map.of(501, "Red_Potion"),
                Map.of(28, 10),
                Map.of(Fixtures.FIELD, Map.of(monster.id(), new Spawn(amount, Set.of()))));

        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact.MonsterStats(monster.id(), monster.level(), serverHp(monster, hpRate)));
        facts.add(new Fact.Kill(
                monster.id(), serverExp(monster.baseExp(), expRate), serverExp(monster.jobExp(), expRate)));
        int kills = 1 + random.nextInt(1_000);
        facts.add(new Fact.Drop(monster.id(), 501, random.nextInt(kills + 1), kills));
        facts.add(new Fact.Spawn(monster.id(), random.nextInt((int) ((long) amount * mobCount / 100) + 1)));
        facts.add(new Fact.Skill(28, 1 + random.nextInt(10)));

        Judgement judgement = new Judge(reference, rates).judge(Fixtures.observation(facts.toArray(Fact[]::new)));

        assertThat(judgement.outcome()).as("%s", judgement.findings()).isEqualTo(Outcome.PASSED);
    }

    /** mob.cpp scales in whole numbers; a monster has at least one HP. */
    private static long serverHp(Monster monster, int percent) {
        return Math.max(1, monster.maxHp() * percent / 100);
    }

    /** mob.cpp: {@code exp * rate / 100.}, a floating number cut off. */
    private static long serverExp(long exp, int percent) {
        return (long) Math.floor(exp * (percent / 100.0));
    }
}
