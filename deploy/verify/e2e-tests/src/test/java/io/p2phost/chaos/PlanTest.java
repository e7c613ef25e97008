package io.p2phost.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static List<Fault> first(long seed, int count) {
        return Stream.generate(new Plan(seed, 3)::next).limit(count).toList();
    }

    @Test
    void sameSeedMakesTheSameFaults() {
        assertThat(first(7, 200)).isEqualTo(first(7, 200)).isNotEqualTo(first(8, 200));
    }

    @Test
    void everyKindComesAndMachinesSleepLongerThanALease() {
        List<Fault> faults = first(1, 500);

        assertThat(faults.stream().map(Fault::kind).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Fault.Kind.values());
        assertThat(faults).allSatisfy(fault -> {
            assertThat(fault.target())
                    .isBetween(fault.kind().ofMachine() ? 0 : -1, fault.kind().ofMachine() ? 2 : -1);
            assertThat(fault.after()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(10));
        });
        assertThat(faults)
                .filteredOn(fault -> fault.kind() == Fault.Kind.MACHINE_SLEEPS)
                .allMatch(fault -> fault.lasts().compareTo(Duration.ofSeconds(15)) > 0);
    }
}
