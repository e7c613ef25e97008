package io.p2phost.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.agent.cell.Confinement;
import io.p2phost.agent.doctor.Examination.Seen;
import io.p2phost.agent.doctor.Finding.Verdict;
import io.p2phost.agent.gateway.Messages.Requirements;
import io.p2phost.agent.gateway.Messages.TierRequirement;
import io.p2phost.agent.machine.Capability;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExaminationTest {
    private static final Requirements REQUIREMENTS = new Requirements(
            List.of(new TierRequirement(1, 2.5, 2, 4, 10), new TierRequirement(2, 3.0, 4, 8, 50)), 150);
    private static final Confinement ALL = new Confinement(true, true, true, 100, true, true);
    private static final Confinement NOTHING = new Confinement(false, false, false, 100, false, false);
    private static final long PLENTY = 100_000_000_000L;

    private static Capability machine(double ghz, int cores, double gb, double mbps) {
        return new Capability(ghz, cores, gb, mbps, "TestOS");
    }

    private static Seen seen(Capability machine) {
        return new Seen(machine, ALL, Duration.ofMillis(20), "", Duration.ZERO, PLENTY, List.of(), null, true);
    }

    private static Finding finding(Examination examination, String what) {
        return examination.findings().stream()
                .filter(finding -> finding.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theHighestTierThatIsMetInEveryPointCounts() {
        assertThat(Examination.of(seen(machine(3.0, 4, 8, 50)), REQUIREMENTS).tier())
                .hasValue(2);
        Examination lower = Examination.of(seen(machine(4.0, 8, 8, 49)), REQUIREMENTS);
        assertThat(lower.tier()).hasValue(1);
        assertThat(lower.eligible()).isTrue();
        assertThat(finding(lower, "network").required()).isEqualTo("at least 10 Mbit/s");
        assertThat(lower.findings()).allMatch(finding -> finding.verdict() == Verdict.MET);
    }

    @Test
    void everythingThatIsMissingForTheLowestTierIsSaid() {
        Examination weak = Examination.of(seen(machine(2.44, 2, 3.9, 0)), REQUIREMENTS);
        assertThat(weak.eligible()).isFalse();
        assertThat(weak.tier()).isEmpty();
        assertThat(weak.findings())
                .filteredOn(finding -> finding.verdict() == Verdict.NOT_MET)
                .extracting(Finding::what)
                .containsExactly("processor", "memory", "network");
        assertThat(finding(weak, "processor").found()).isEqualTo("2.4 GHz");
        assertThat(finding(weak, "network").found()).contains("does not tell");
        assertThat(finding(weak, "cores").verdict()).isEqualTo(Verdict.MET);
    }

    @Test
    void whatCouldBeBetterDoesNotKeepItOut() {
        Examination worse = Examination.of(
                new Seen(
                        machine(3, 4, 8, 50),
                        NOTHING,
                        Duration.ofMillis(20),
                        "",
                        Duration.ofMinutes(-3),
                        1_950_000_000L,
                        List.of("libpcre.so.3"),
                        true,
                        false),
                REQUIREMENTS);
        assertThat(worse.eligible()).isTrue();
        assertThat(worse.findings())
                .filteredOn(finding -> finding.verdict() == Verdict.WORSE)
                .extracting(Finding::what)
                .containsExactly("clock", "disk", "power", "sleep", "libraries", "sandbox", "limits");
        assertThat(finding(worse, "clock").found()).isEqualTo("180 s behind the server's");
        assertThat(finding(worse, "disk").found()).isEqualTo("1.9 GB free");
        assertThat(finding(worse, "libraries").advice()).contains("bundle");
    }

    @Test
    void withoutAnAnswerNothingIsClaimed() {
        @Nullable Requirements unknown = null;
        Examination blind = Examination.of(
                new Seen(
                        machine(3, 4, 8, 50),
                        ALL,
                        null,
                        "gateway cannot be reached",
                        null,
                        PLENTY,
                        List.of(),
                        false,
                        false),
                unknown);
        assertThat(blind.eligible()).isFalse();
        assertThat(finding(blind, "server").found()).isEqualTo("gateway cannot be reached");
        assertThat(finding(blind, "memory").verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding(blind, "clock").verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding(blind, "power").verdict()).isEqualTo(Verdict.MET);
    }
}
