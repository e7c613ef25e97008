package io.p2phost.agent.manners;

import io.p2phost.agent.machine.Vitals.LinkBytes;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one look at the machine found. Null or empty: this machine does not show it.
 *
 * @param programs which of the exclusive programs run
 * @param sinceInput how long ago a key or the mouse was touched
 * @param link what its link to the server has carried so far
 */
public record Observed(
        Set<String> programs,
        @Nullable Boolean onBattery,
        @Nullable Duration sinceInput,
        @Nullable Boolean metered,
        OptionalDouble celsius,
        @Nullable LinkBytes link) {
    /** Nothing can be seen. */
    public static final Observed NOTHING = new Observed(Set.of(), null, null, null, OptionalDouble.empty(), null);

    public Observed {
        programs = Set.copyOf(programs);
    }
}
