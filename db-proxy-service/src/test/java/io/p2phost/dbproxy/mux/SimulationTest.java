package io.p2phost.dbproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many histories; each seed repeats exactly. */
class SimulationTest {
    private static final int EVERYDAY = 300;
    private static final int DEEP = 10_000;
    private static final int PLANTED = 1_000;

    @Test
    void invariantsHoldInManyHistories() {
        hold(1, EVERYDAY);
    }

    @Test
    @Tag("deep")
    void invariantsHoldInTenThousandHistories() {
        hold(1, DEEP);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void plantedMistakeIsFound(SimSuite.Plant plant) {
        assertThat(LongStream.rangeClosed(1, PLANTED).anyMatch(seed -> isFound(seed, plant)))
                .as("found within " + PLANTED + " seeds")
                .isTrue();
    }

    private static boolean isFound(long seed, SimSuite.Plant plant) {
        try {
            return !new Simulation(seed, plant).run().faults().isEmpty();
        } catch (AssertionError e) {
            return true;
        }
    }

    private static void hold(long first, int count) {
        Map<Simulation.Event, Integer> happened = new EnumMap<>(Simulation.Event.class);
        for (long seed = first; seed < first + count; seed++) {
            Simulation simulation = run(seed);
            assertThat(simulation.faults()).as("seed " + seed).isEmpty();
            simulation.happened.forEach((event, times) -> happened.merge(event, times, Integer::sum));
        }
        assertThat(happened.keySet()).as("everything happened").containsAll(List.of(Simulation.Event.values()));
    }

    private static Simulation run(long seed) {
        try {
            return new Simulation(seed).run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
