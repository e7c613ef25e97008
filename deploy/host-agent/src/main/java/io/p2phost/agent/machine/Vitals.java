package io.p2phost.agent.machine;

import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What the machine shows of its own well-being. Empty or null: it does not. */
public interface Vitals {
    /** Whether it runs on its battery; null without one. */
    @Nullable
    Boolean onBattery();

    /** Temperature of the processor. */
    OptionalDouble celsius();

    /** What the link to the server has carried in both directions. */
    Optional<LinkBytes> link();

    /** Bytes since that interface came up. */
    record LinkBytes(String name, long bytes) {}
}
