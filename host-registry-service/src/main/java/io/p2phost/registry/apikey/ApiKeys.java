package io.p2phost.registry.apikey;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All API keys there ever were. */
public interface ApiKeys {
    Optional<ApiKey> byId(String id);

    /** Stores a key that is new, or what changed of a known one. */
    void save(ApiKey key);

    /** Keys in the order of their ids, those after the given one. */
    List<ApiKey> list(@Nullable String afterId, int limit);

    /** Notes a use, unless one was noted after {@code notSince}. */
    void used(String id, Instant at, Instant notSince);

    /** Keys that came from the settings and are not revoked. */
    List<ApiKey> bootstrapKeys();

    /** How many keys are usable at that time. */
    long countUsable(Instant now);
}
