package io.p2phost.relay.tunnel;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;

/** The registry, asked for one host's live state. */
@FunctionalInterface
public interface HostRegistry {
    /** The answer; blocks for the deadline at most and never throws. */
    Answer stateOf(HostId host);

    /** What the registry says. */
    sealed interface Answer {
        /** The host's state now. */
        record Known(HostLifeState state) implements Answer {}

        /** There is no such host. */
        record NoSuchHost() implements Answer {}

        /** It did not answer in time. */
        record Unavailable() implements Answer {}
    }
}
