package io.p2phost.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** Faults without end; the same for the same seed. */
public final class Plan {
    private static final Duration FEWEST = Duration.ofSeconds(3);
    private static final int SPREAD_MILLIS = 7_000;
    private static final int ALL =
            Arrays.stream(Fault.Kind.values()).mapToInt(Fault.Kind::weight).sum();

    private final Random random;
    private final int machines;

    public Plan(long seed, int machines) {
        this.random = new Random(seed);
        this.machines = machines;
    }

    public Fault next() {
        Fault.Kind kind = kind(random.nextInt(ALL));
        // Always the same number of draws, so that a kind that is passed over changes nothing of the rest.
        int target = random.nextInt(machines);
        int seconds = kind.fewestSeconds() + random.nextInt(kind.mostSeconds() - kind.fewestSeconds() + 1);
        Duration after = FEWEST.plusMillis(random.nextInt(SPREAD_MILLIS));
        return new Fault(kind, kind.ofMachine() ? target : -1, Duration.ofSeconds(seconds), after);
    }

    private static Fault.Kind kind(int draw) {
        int left = draw;
        for (Fault.Kind kind : Fault.Kind.values()) {
            left -= kind.weight();
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalArgumentException("draw: " + draw + " (expected: below " + ALL + ")");
    }
}
