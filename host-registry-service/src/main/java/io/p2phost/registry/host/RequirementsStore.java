package io.p2phost.registry.host;

import java.time.Instant;
import java.util.Optional;

/** The requirements that were last known. */
public interface RequirementsStore {
    Optional<Requirements> load();

    void save(Requirements requirements, Instant now);
}
