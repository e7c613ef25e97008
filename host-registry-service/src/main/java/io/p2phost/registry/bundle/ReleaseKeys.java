package io.p2phost.registry.bundle;

import java.security.KeyPair;
import java.time.Instant;
import java.util.Optional;

/** The stored key that signs releases. */
public interface ReleaseKeys {
    Optional<KeyPair> load();

    /** Stores a key unless there is one. */
    void addIfAbsent(KeyPair key, Instant now);
}
