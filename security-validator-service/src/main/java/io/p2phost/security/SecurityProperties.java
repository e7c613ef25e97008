package io.p2phost.security;

import static java.util.Objects.requireNonNullElse;

import io.p2phost.contracts.MapName;
import io.p2phost.security.reference.ReferenceFiles;
import io.p2phost.security.verdict.Ceilings;
import io.p2phost.security.verdict.Ceilings.Hourly;
import io.p2phost.security.verdict.Rates;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the validator.
 *
 * @param referenceDir folder in rAthena's layout; empty: what needs a reference is inconclusive
 * @param mode which of rAthena's rule sets the server runs: pre-re or re
 * @param checkInterval how often the reference files are looked at for changes
 * @param strikes consecutive failed validations that blacklist; more forgives longer
 * @param keep how long verdicts and their evidence are kept
 * @param rates the server's own rates, from conf/battle
 * @param gains the most that one player may gain in an hour
 * @param latePerMinute packets a minute that a host may send for players who are elsewhere by then; a player who moves
 *     leaves up to a dozen behind
 */
@ConfigurationProperties("p2p.security")
public record SecurityProperties(
        @DefaultValue("") String referenceDir,
        @DefaultValue("pre-re") String mode,
        @DefaultValue("30s") Duration checkInterval,
        @DefaultValue("3") int strikes,
        @DefaultValue("30d") Duration keep,
        @DefaultValue RateProperties rates,
        @DefaultValue GainProperties gains,
        @DefaultValue("5000") int latePerMinute) {
    public SecurityProperties {
        ReferenceFiles.Mode.of(mode);
        if (strikes < 1 || strikes > 100) {
            throw new IllegalArgumentException("p2p.security.strikes: " + strikes + " (expected: 1 to 100)");
        }
        if (checkInterval.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "p2p.security.check-interval: " + checkInterval + " (expected: at least 100ms)");
        }
        if (keep.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("p2p.security.keep: " + keep + " (expected: at least 1d)");
        }
        if (latePerMinute < 0) {
            throw new IllegalArgumentException(
                    "p2p.security.late-per-minute: " + latePerMinute + " (expected: at least 0)");
        }
    }

    Ceilings ceilings() {
        return new Ceilings(gains.usual(), gains.byMap(), latePerMinute);
    }

    /**
     * Rates in percent; 100 is the reference's own figure.
     *
     * @param expHeadroom what party bonuses, map flags and boosting items may add to one kill's experience
     * @param alwaysItems item ids that may drop anywhere
     * @param alwaysMobs monster ids that may live anywhere
     */
    public record RateProperties(
            @DefaultValue("100") int hp,
            @DefaultValue("100") int mvpHp,
            @DefaultValue("100") int baseExp,
            @DefaultValue("100") int jobExp,
            @DefaultValue("500") int expHeadroom,
            @DefaultValue("100") int mobCount,
            @DefaultValue List<Integer> alwaysItems,
            @DefaultValue List<Integer> alwaysMobs) {
        private static final int MOST = 10_000_000;

        public RateProperties {
            check("hp", hp, 1);
            check("mvp-hp", mvpHp, 1);
            check("base-exp", baseExp, 0);
            check("job-exp", jobExp, 0);
            check("exp-headroom", expHeadroom, 100);
            check("mob-count", mobCount, 0);
        }

        private static void check(String key, int percent, int least) {
            if (percent < least || percent > MOST) {
                throw new IllegalArgumentException(
                        "p2p.security.rates." + key + ": " + percent + " (expected: " + least + " to " + MOST + ")");
            }
        }

        Rates rates() {
            return new Rates(
                    hp, mvpHp, baseExp, jobExp, expHeadroom, mobCount, Set.copyOf(alwaysItems), Set.copyOf(alwaysMobs));
        }
    }

    /**
     * Gains by saves, of one player in an hour; set them well above what the best players reach.
     *
     * @param baseLevels base levels
     * @param jobLevels job levels
     * @param baseExperience base experience
     * @param jobExperience job experience
     * @param zeny zeny that was not another player's before, on average over the map's players
     * @param maps other ceilings by map; what is left out is as usual
     */
    public record GainProperties(
            @DefaultValue("600") long baseLevels,
            @DefaultValue("600") long jobLevels,
            @DefaultValue("500000000") long baseExperience,
            @DefaultValue("500000000") long jobExperience,
            @DefaultValue("100000000") long zeny,
            @DefaultValue Map<String, MapGainProperties> maps) {
        public GainProperties {
            maps = Map.copyOf(maps);
            notNegative("p2p.security.gains", baseLevels, jobLevels, baseExperience, jobExperience, zeny);
            maps.keySet().forEach(MapName::of);
        }

        Hourly usual() {
            return new Hourly(baseLevels, jobLevels, baseExperience, jobExperience, zeny);
        }

        Map<MapName, Hourly> byMap() {
            Map<MapName, Hourly> byMap = new HashMap<>();
            maps.forEach((map, gains) -> byMap.put(MapName.of(map), gains.over(usual())));
            return byMap;
        }

        private static void notNegative(String key, long... values) {
            for (long value : values) {
                if (value < 0) {
                    throw new IllegalArgumentException(key + ": " + value + " (expected: at least 0)");
                }
            }
        }
    }

    /** Ceilings of one map, as {@link GainProperties}. */
    public record MapGainProperties(
            @Nullable Long baseLevels,
            @Nullable Long jobLevels,
            @Nullable Long baseExperience,
            @Nullable Long jobExperience,
            @Nullable Long zeny) {
        public MapGainProperties {
            Stream.of(
                            Optional.ofNullable(baseLevels),
                            Optional.ofNullable(jobLevels),
                            Optional.ofNullable(baseExperience),
                            Optional.ofNullable(jobExperience),
                            Optional.ofNullable(zeny))
                    .flatMap(Optional::stream)
                    .forEach(value -> GainProperties.notNegative("p2p.security.gains.maps", value));
        }

        Hourly over(Hourly usual) {
            return new Hourly(
                    requireNonNullElse(baseLevels, usual.baseLevels()),
                    requireNonNullElse(jobLevels, usual.jobLevels()),
                    requireNonNullElse(baseExperience, usual.baseExperience()),
                    requireNonNullElse(jobExperience, usual.jobExperience()),
                    requireNonNullElse(zeny, usual.zeny()));
        }
    }
}
