package io.p2phost.registry.apikey;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** API keys in a map. */
public final class InMemoryApiKeys implements ApiKeys {
    private final ConcurrentSkipListMap<String, ApiKey> keys = new ConcurrentSkipListMap<>();
    int uses;

    @Override
    public Optional<ApiKey> byId(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public void save(ApiKey key) {
        keys.put(key.id(), key);
    }

    @Override
    public List<ApiKey> list(@Nullable String afterId, int limit) {
        return (afterId == null ? keys : keys.tailMap(afterId, false))
                .values().stream().limit(limit).toList();
    }

    @Override
    public void used(String id, Instant at, Instant notSince) {
        keys.computeIfPresent(id, (i, k) -> {
            if (k.lastUsedAt() != null && !k.lastUsedAt().isBefore(notSince)) {
                return k;
            }
            uses++;
            return new ApiKey(
                    k.id(),
                    k.label(),
                    k.role(),
                    k.secretHash(),
                    k.createdBy(),
                    k.createdAt(),
                    k.expiresAt(),
                    at,
                    k.revokedAt());
        });
    }

    @Override
    public List<ApiKey> bootstrapKeys() {
        return keys.values().stream()
                .filter(k -> k.isBootstrap() && k.revokedAt() == null)
                .toList();
    }

    @Override
    public long countUsable(Instant now) {
        return keys.values().stream().filter(k -> k.usableAt(now)).count();
    }
}
