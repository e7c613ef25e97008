package io.p2phost.registry.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementsTest {
    private final Requirements requirements = new Requirements(
            1,
            List.of(
                    new TierRequirement(3, 4.0, 8, 32, 500),
                    new TierRequirement(1, 3.0, 4, 8, 100),
                    new TierRequirement(2, 3.5, 6, 16, 250)),
            100);

    private static Capability machine(double ghz, int cores, double ram, double mbps) {
        return new Capability(ghz, cores, ram, mbps, 5, "Linux", "0.1.0");
    }

    @ParameterizedTest
    @CsvSource({"3.0,4,8,100,1", "4.0,8,32,249,1", "3.5,6,16,250,2", "3.99,64,512,10000,2", "4.0,8,32,500,3"})
    void aMachineGetsTheHighestTierItMeetsInEveryPoint(double ghz, int cores, double ram, double mbps, int tier) {
        assertThat(requirements.judge(machine(ghz, cores, ram, mbps))).isEqualTo(new TierJudgement.Accepted(tier));
    }

    @Test
    void aMachineBelowTheMinimumHearsEveryShortfallOfTheLowestTier() {
        assertThat(requirements.judge(machine(2.9, 2, 7.5, 99)))
                .isEqualTo(new TierJudgement.BelowMinimum(List.of(
                        new Shortfall("cpuGhz", 3.0, 2.9),
                        new Shortfall("cpuCores", 4, 2),
                        new Shortfall("ramGb", 8, 7.5),
                        new Shortfall("networkMbps", 100, 99))));
        assertThat(requirements.judge(machine(9, 99, 7.9, 9_999)))
                .isEqualTo(new TierJudgement.BelowMinimum(List.of(new Shortfall("ramGb", 8, 7.9))));
    }

    @Test
    void requirementsWithoutATierAreRefused() {
        assertThatThrownBy(() -> new Requirements(1, List.of(), 100)).hasMessageContaining("tiers: none");
    }

    @ParameterizedTest
    @CsvSource({"-0.1,4,8,100", "NaN,4,8,100", "3,-1,8,100", "3,4,Infinity,100", "3,4,8,1000001"})
    void figuresNoMachineCanHaveAreRefused(double ghz, int cores, double ram, double mbps) {
        assertThatThrownBy(() -> machine(ghz, cores, ram, mbps))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: 0.0 to ");
    }
}
