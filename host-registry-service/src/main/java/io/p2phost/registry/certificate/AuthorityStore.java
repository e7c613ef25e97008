package io.p2phost.registry.certificate;

import java.time.Instant;
import java.util.Optional;

/** Where the authority rests. */
public interface AuthorityStore {
    Optional<Authority> load();

    /**
     * Stores the authority unless there is one.
     *
     * @return false when another instance was first
     */
    boolean addIfAbsent(Authority authority, Instant now);
}
