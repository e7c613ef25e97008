package io.p2phost.security;

import io.p2phost.security.reference.ReferenceFiles;
import io.p2phost.security.verdict.Rates;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the validator.
 *
 * @param referenceDir folder in rAthena's layout; empty: no reference, every verdict is inconclusive
 * @param mode which of rAthena's rule sets the server runs: pre-re or re
 * @param checkInterval how often the reference files are looked at for changes
 * @param strikes consecutive failed validations that blacklist; more forgives longer
 * @param keep how long verdicts and their evidence are kept
 * @param rates the server's own rates, from conf/battle
 */
@ConfigurationProperties("p2p.security")
public record SecurityProperties(
        @DefaultValue("") String referenceDir,
        @DefaultValue("pre-re") String mode,
        @DefaultValue("30s") Duration checkInterval,
        @DefaultValue("3") int strikes,
        @DefaultValue("30d") Duration keep,
        @DefaultValue RateProperties rates) {
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
}
