package io.p2phost.security.verdict;

import io.p2phost.contracts.MapName;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import io.p2phost.security.verdict.Ceilings.Hourly;
import java.math.BigInteger;
import java.util.List;

/**
 * What players gained by their saves, against the map's ceilings for an hour. Experience and levels are each player's own;
 * zeny passes from one to another, so only what all of them have more is somebody's making.
 */
final class SaveRules {
    /** A shorter time counts as this: one good fight says nothing about an hour. */
    static final long SHORTEST_SECONDS = 600;

    private static final BigInteger HOUR = BigInteger.valueOf(3_600);

    private final Ceilings ceilings;

    SaveRules(Ceilings ceilings) {
        this.ceilings = ceilings;
    }

    Ruling rule(MapName map, Fact.Save fact) {
        Hourly hourly = ceilings.on(map);
        long seconds = seconds(fact);
        Ruling[] rulings = {
            below("base levels", fact.baseLevels(), most(hourly.baseLevels(), seconds), fact),
            below("job levels", fact.jobLevels(), most(hourly.jobLevels(), seconds), fact),
            below("base experience", fact.baseExperience(), most(hourly.baseExperience(), seconds), fact),
            below("job experience", fact.jobExperience(), most(hourly.jobExperience(), seconds), fact)
        };
        for (Ruling ruling : rulings) {
            if (!ruling.equals(Ruling.PASSED)) {
                return ruling;
            }
        }
        return Ruling.PASSED;
    }

    private static Ruling below(String what, long gained, BigInteger most, Fact.Save fact) {
        return BigInteger.valueOf(gained).compareTo(most) <= 0
                ? Ruling.PASSED
                : Ruling.broken("SAVE: " + what + " +" + gained + " in " + fact.seconds() + " s (expected: at most "
                        + most + ")");
    }

    /** All players of the observation together. */
    Ruling zeny(Observation observation) {
        List<Fact.Save> saves = observation.facts().stream()
                .filter(Fact.Save.class::isInstance)
                .map(Fact.Save.class::cast)
                .toList();
        BigInteger gained = BigInteger.ZERO;
        long seconds = 0;
        for (Fact.Save save : saves) {
            gained = gained.add(BigInteger.valueOf(save.zeny()));
            seconds += seconds(save);
        }
        BigInteger most = most(ceilings.on(observation.map()).zeny(), seconds);
        return gained.compareTo(most) <= 0
                ? Ruling.PASSED
                : Ruling.broken("SAVE: zeny +" + gained + " among " + saves.size() + " players of " + observation.map()
                        + " (expected: at most " + most + ")");
    }

    private static long seconds(Fact.Save fact) {
        return Math.max(fact.seconds(), SHORTEST_SECONDS);
    }

    /** Rounded up. */
    private static BigInteger most(long hourly, long seconds) {
        BigInteger[] parts =
                BigInteger.valueOf(hourly).multiply(BigInteger.valueOf(seconds)).divideAndRemainder(HOUR);
        return parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0];
    }
}
