package io.p2phost.security.verdict;

import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import io.p2phost.security.reference.Monster;
import io.p2phost.security.reference.Reference;
import io.p2phost.security.reference.Spawn;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares facts with the reference and the operator's ceilings, exactly. One broken rule fails the observation; otherwise one fact that nothing is
 * known about makes it inconclusive, so that a gap in the reference can neither accuse nor absolve.
 */
public final class Judge {
    /** Findings kept per observation; a flood of broken rules says no more than the first ones. */
    static final int MAX_FINDINGS = 20;

    private static final BigInteger HUNDRED = BigInteger.valueOf(100);

    private final Reference reference;
    private final Rates rates;
    private final SaveRules saves;
    private final ProtocolRules protocol;

    public Judge(Reference reference, Rates rates, Ceilings ceilings) {
        this.reference = reference;
        this.rates = rates;
        this.saves = new SaveRules(ceilings);
        this.protocol = new ProtocolRules(ceilings);
    }

    public Judgement judge(Observation observation) {
        List<String> broken = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        Stream<Ruling> each = observation.facts().stream().map(fact -> rule(observation, fact));
        Stream<Ruling> together = Stream.of(saves.zeny(observation), protocol.late(observation));
        Stream.concat(each, together).forEach(ruling -> {
            switch (ruling.outcome()) {
                case FAILED -> keep(broken, ruling.finding());
                case INCONCLUSIVE -> keep(unknown, ruling.finding());
                case PASSED -> {}
            }
        });
        if (!broken.isEmpty()) {
            return new Judgement(Outcome.FAILED, broken, reference.version());
        }
        if (!unknown.isEmpty() || observation.facts().stream().allMatch(Fact.Evidence.class::isInstance)) {
            return new Judgement(Outcome.INCONCLUSIVE, unknown, reference.version());
        }
        return new Judgement(Outcome.PASSED, List.of(), reference.version());
    }

    private static void keep(List<String> findings, String finding) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(finding);
        }
    }

    private Ruling rule(Observation observation, Fact fact) {
        return switch (fact) {
            case Fact.Spawn spawn -> spawn(observation, spawn);
            case Fact.Drop drop -> drop(drop);
            case Fact.MonsterStats stats -> stats(observation, stats);
            case Fact.Kill kill -> kill(kill);
            case Fact.Skill skill -> skill(skill);
            case Fact.Save save -> saves.rule(observation.map(), save);
            case Fact.Protocol refused -> protocol.rule(refused);
            // Kept for whoever looks at many of them together.
            case Fact.Evidence evidence -> Ruling.PASSED;
        };
    }

    private Ruling spawn(Observation observation, Fact.Spawn fact) {
        if (rates.alwaysMobs().contains(fact.mobId())) {
            return Ruling.PASSED;
        }
        Map<Integer, Spawn> lines = reference.spawnsOf(observation.map()).orElse(null);
        if (lines == null) {
            return Ruling.unknown("SPAWN: no spawn line is known for map " + observation.map());
        }
        if (reference.monster(fact.mobId()).isEmpty()) {
            return Ruling.unknown("SPAWN: monster " + fact.mobId() + " is not in the reference");
        }
        Spawn spawn = lines.get(fact.mobId());
        if (spawn == null) {
            return Ruling.broken("SPAWN: monster " + fact.mobId() + " on " + observation.map()
                    + " (expected: one of the map's " + lines.size() + " kinds)");
        }
        long most = scaled(spawn.amount(), rates.mobCountPercent());
        if (fact.living() > most) {
            return Ruling.broken("SPAWN: " + fact.living() + " of monster " + fact.mobId() + " alive on "
                    + observation.map() + " (expected: at most " + most + ")");
        }
        return Ruling.PASSED;
    }

    private Ruling drop(Fact.Drop fact) {
        if (rates.alwaysItems().contains(fact.itemId())) {
            return Ruling.PASSED;
        }
        Monster monster = reference.monster(fact.mobId()).orElse(null);
        if (monster == null) {
            return Ruling.unknown("DROP: monster " + fact.mobId() + " is not in the reference");
        }
        Integer entries = monster.drops().get(fact.itemId());
        if (entries == null) {
            if (!monster.unresolvedDrops().isEmpty() && !reference.items().containsKey(fact.itemId())) {
                return Ruling.unknown("DROP: item " + fact.itemId() + " is not in the reference");
            }
            return Ruling.broken("DROP: item " + fact.itemId() + " from monster " + fact.mobId()
                    + " (expected: one of its " + monster.drops().size() + " items)");
        }
        long most = (long) entries * fact.kills();
        if (fact.count() > most) {
            return Ruling.broken("DROP: " + fact.count() + " of item " + fact.itemId() + " from " + fact.kills()
                    + " kills of monster " + fact.mobId() + " (expected: at most " + most + ")");
        }
        return Ruling.PASSED;
    }

    private Ruling stats(Observation observation, Fact.MonsterStats fact) {
        Monster monster = reference.monster(fact.mobId()).orElse(null);
        if (monster == null) {
            return Ruling.unknown("MONSTER_STATS: monster " + fact.mobId() + " is not in the reference");
        }
        Integer level = fact.level();
        if (level != null
                && level != monster.level()
                && !levelsSetBySpawn(observation, fact.mobId()).contains(level)) {
            return Ruling.broken("MONSTER_STATS: level " + level + " of monster " + fact.mobId() + " (expected: "
                    + monster.level() + ")");
        }
        Long maxHp = fact.maxHp();
        long expected = Math.max(1, scaled(monster.maxHp(), monster.mvp() ? rates.mvpHpPercent() : rates.hpPercent()));
        if (maxHp != null && maxHp != expected) {
            return Ruling.broken(
                    "MONSTER_STATS: HP " + maxHp + " of monster " + fact.mobId() + " (expected: " + expected + ")");
        }
        return Ruling.PASSED;
    }

    private Set<Integer> levelsSetBySpawn(Observation observation, int mobId) {
        Spawn spawn = reference.spawnsOf(observation.map()).orElse(Map.of()).get(mobId);
        return spawn == null ? Set.of() : spawn.levels();
    }

    private Ruling kill(Fact.Kill fact) {
        Monster monster = reference.monster(fact.mobId()).orElse(null);
        if (monster == null) {
            return Ruling.unknown("KILL: monster " + fact.mobId() + " is not in the reference");
        }
        long baseMost = ceiling(monster.baseExp(), rates.baseExpPercent());
        if (fact.baseExp() > baseMost) {
            return Ruling.broken("KILL: " + fact.baseExp() + " base experience for monster " + fact.mobId()
                    + " (expected: at most " + baseMost + ")");
        }
        long jobMost = ceiling(monster.jobExp(), rates.jobExpPercent());
        if (fact.jobExp() > jobMost) {
            return Ruling.broken("KILL: " + fact.jobExp() + " job experience for monster " + fact.mobId()
                    + " (expected: at most " + jobMost + ")");
        }
        return Ruling.PASSED;
    }

    private Ruling skill(Fact.Skill fact) {
        if (reference.skills().isEmpty()) {
            return Ruling.unknown("SKILL: no skill is in the reference");
        }
        Integer most = reference.skills().get(fact.skillId());
        if (most == null) {
            return Ruling.broken("SKILL: skill " + fact.skillId() + " (expected: one of the "
                    + reference.skills().size() + " known)");
        }
        if (fact.level() > most) {
            return Ruling.broken("SKILL: level " + fact.level() + " of skill " + fact.skillId() + " (expected: at most "
                    + most + ")");
        }
        return Ruling.PASSED;
    }

    /** Rounded up: the server rounds at several steps of its own, and a ceiling must be above all of them. */
    private long ceiling(long exp, int ratePercent) {
        BigInteger hundredthsOfHundredths = BigInteger.valueOf(exp)
                .multiply(BigInteger.valueOf(ratePercent))
                .multiply(BigInteger.valueOf(rates.expHeadroomPercent()));
        BigInteger[] parts = hundredthsOfHundredths.divideAndRemainder(HUNDRED.multiply(HUNDRED));
        BigInteger up = parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0];
        return up.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
    }

    /** As rAthena scales: whole numbers, the rest cut off. */
    private static long scaled(long value, int percent) {
        return BigInteger.valueOf(value)
                .multiply(BigInteger.valueOf(percent))
                .divide(HUNDRED)
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValueExact();
    }
}
