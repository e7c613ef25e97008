package io.p2phost.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule is broken by a fixture made for it: a rule that guards nothing would be green for ever. */
class ArchitectureRulesTest {
    private static final String OFFENDERS = "io.p2phost.testkit.offender";

    static Stream<Object[]> rulesAndOffenders() {
        return Stream.of(
                new Object[] {ArchitectureRules.coreIsFreeOfFrameworks(), "CoreWithSpring"},
                new Object[] {ArchitectureRules.adaptersAreClosed(), "OpenController"},
                new Object[] {ArchitectureRules.featuresDoNotReachIntoForeignAdapters(OFFENDERS), "ReachesIntoAdapter"},
                new Object[] {ArchitectureRules.featuresHaveNoCycles(OFFENDERS), "Slice three"},
                new Object[] {ArchitectureRules.noSystemProperties(), "KnowsThree"},
                new Object[] {ArchitectureRules.noMutableStatics(), "KnowsThree.counter"});
    }

    @ParameterizedTest
    @MethodSource("rulesAndOffenders")
    void ruleIsBrokenByItsOffender(ArchRule rule, String offender) {
        JavaClasses offenders = new ClassFileImporter().importPackages(OFFENDERS);
        assertThatThrownBy(() -> rule.check(offenders))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(offender);
    }

    @Test
    void everyRuleHasAnOffender() {
        assertThat(ArchitectureRules.rules(OFFENDERS))
                .hasSameSizeAs(rulesAndOffenders().toList());
    }
}
