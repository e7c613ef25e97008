package io.p2phost.registry.apikey.jpa;

import io.p2phost.registry.apikey.ApiKey;
import io.p2phost.registry.apikey.ApiKeys;
import jakarta.persistence.EntityManager;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class JpaApiKeys implements ApiKeys {
    private final EntityManager entities;
    private final JdbcClient jdbc;

    JpaApiKeys(EntityManager entities, JdbcClient jdbc) {
        this.entities = entities;
        this.jdbc = jdbc;
    }

    @Override
    public Optional<ApiKey> byId(String id) {
        return Optional.ofNullable(entities.find(ApiKeyEntity.class, id)).map(ApiKeyEntity::toKey);
    }

    @Override
    public void save(ApiKey key) {
        entities.merge(ApiKeyEntity.of(key));
    }

    @Override
    public List<ApiKey> list(@Nullable String afterId, int limit) {
        return entities.createQuery("from ApiKeyEntity k where k.id > :after order by k.id", ApiKeyEntity.class)
                .setParameter("after", afterId == null ? "" : afterId)
                .setMaxResults(limit)
                .getResultStream()
                .map(ApiKeyEntity::toKey)
                .toList();
    }

    @Override
    public void used(String id, Instant at, Instant notSince) {
        // One conditional statement: many instances note the use of one key without waiting for each other's entity.
        jdbc.sql("update api_keys set last_used_at = :at where key_id = :id"
                        + " and (last_used_at is null or last_used_at < :notSince)")
                .param("at", Timestamp.from(at))
                .param("id", id)
                .param("notSince", Timestamp.from(notSince))
                .update();
    }

    @Override
    public List<ApiKey> bootstrapKeys() {
        return entities.createQuery(
                        "from ApiKeyEntity k where k.createdBy = :by and k.revokedAt is null", ApiKeyEntity.class)
                .setParameter("by", ApiKey.BOOTSTRAP)
                .getResultStream()
                .map(ApiKeyEntity::toKey)
                .toList();
    }

    @Override
    public long countUsable(Instant now) {
        return entities.createQuery(
                        "select count(k) from ApiKeyEntity k where k.revokedAt is null"
                                + " and (k.expiresAt is null or k.expiresAt > :now)",
                        Long.class)
                .setParameter("now", now)
                .getSingleResult();
    }
}
