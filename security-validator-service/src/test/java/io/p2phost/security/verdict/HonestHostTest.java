package io.p2phost.security.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.MapName;
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

        Judgement judgement =
                new Judge(reference, rates, Ceilings.GENEROUS).judge(Fixtures.observation(facts.toArray(Fact[]::new)));

        assertThat(judgement.outcome()).as("%s", judgement.findings()).isEqualTo(Outcome.PASSED);
    }

    /**
     * Players fight, trade, level, come and go, at paces up to the operator's own ceilings; whatever they pass to each other is
     * nobody's gain.
     */
    @Property(tries = 500)
    void honestSavesNeverFail(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int players,
            @ForAll @IntRange(min = 0, max = 1_000_000) int expAnHour,
            @ForAll @IntRange(min = 0, max = 1_000_000) int zenyAnHour) {
        Random random = new Random(seed);
        Ceilings ceilings = new Ceilings(
                new Ceilings.Hourly(20, 20, expAnHour, expAnHour, zenyAnHour),
                Map.of(new MapName("another"), new Ceilings.Hourly(0, 0, 0, 0, 0)),
                100);
        long[] seconds = random.longs(players, 1, 3_601).toArray();
        long[] zeny = new long[players];
        for (int i = 0; i < players; i++) {
            zeny[i] = share(random, zenyAnHour, seconds[i]);
        }
        for (int trade = 0; trade < 1_000; trade++) {
            long amount = random.nextInt(2_000_000_000);
            zeny[random.nextInt(players)] -= amount;
            zeny[random.nextInt(players)] += amount;
        }
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < players; i++) {
            facts.add(new Fact.Save(
                    (int) share(random, 20, seconds[i]),
                    (int) share(random, 20, seconds[i]),
                    share(random, expAnHour, seconds[i]),
                    share(random, expAnHour, seconds[i]),
                    zeny[i],
                    seconds[i]));
        }

        Judgement judgement = new Judge(Fixtures.REFERENCE, Rates.STOCK, ceilings)
                .judge(Fixtures.observation(facts.toArray(Fact[]::new)));

        assertThat(judgement.outcome()).as("%s", judgement.findings()).isEqualTo(Outcome.PASSED);
    }

    private static long share(Random random, long hourly, long seconds) {
        return random.nextLong(hourly * seconds / 3_600 + 1);
    }

    /** A stock map-server whose players move on, are kicked, leave parties and ask for what is not to be had on hosts. */
    @Property(tries = 500)
    void honestRefusalsNeverFail(@ForAll long seed, @ForAll @IntRange(min = 0, max = 1_000) int latePerMinute) {
        Random random = new Random(seed);
        List<Fact.Protocol.Kind> late = List.of(
                Fact.Protocol.Kind.NOT_ITS_PLAYER, Fact.Protocol.Kind.NOT_HIS_GROUP, Fact.Protocol.Kind.UNASKED);
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact.Protocol(0x3049, Fact.Protocol.Kind.NOT_TAKEN, 1 + random.nextInt(Integer.MAX_VALUE)));
        int left = latePerMinute;
        while (left > 0) {
            int count = 1 + random.nextInt(left);
            facts.add(new Fact.Protocol(0x2b01 + facts.size(), late.get(random.nextInt(late.size())), count));
            left -= count;
        }

        Judgement judgement = new Judge(
                        Fixtures.REFERENCE,
                        Rates.STOCK,
                        new Ceilings(Ceilings.GENEROUS.usual(), Map.of(), latePerMinute))
                .judge(Fixtures.observation(facts.toArray(Fact[]::new)));

        assertThat(judgement.outcome()).as("%s", judgement.findings()).isEqualTo(Outcome.INCONCLUSIVE);
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
