package io.p2phost.registry.host;

import java.util.Optional;

/** The requirements as map-assignment-service states them now. */
@FunctionalInterface
public interface RemoteRequirements {
    /** Asks; empty when there is no answer in time. */
    Optional<Requirements> fetch();
}
