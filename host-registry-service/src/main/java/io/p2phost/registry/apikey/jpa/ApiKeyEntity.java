package io.p2phost.registry.apikey.jpa;

import io.p2phost.contracts.Role;
import io.p2phost.registry.apikey.ApiKey;
import io.p2phost.registry.apikey.KeyHash;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;

/** Fields are set by {@link #of} or by Hibernate. */
@NullUnmarked
@Entity
@Table(name = "api_keys")
class ApiKeyEntity {
    @Id
    @Column(name = "key_id")
    private String id;

    private String label;

    @Enumerated(EnumType.STRING)
    private Role role;

    private byte[] secretHash;
    private String createdBy;
    private Instant createdAt;
    private Instant expiresAt;
    private Instant lastUsedAt;
    private Instant revokedAt;

    static ApiKeyEntity of(ApiKey key) {
        ApiKeyEntity entity = new ApiKeyEntity();
        entity.id = key.id();
        entity.label = key.label();
        entity.role = key.role();
        entity.secretHash = key.secretHash().bytes();
        entity.createdBy = key.createdBy();
        entity.createdAt = key.createdAt();
        entity.expiresAt = key.expiresAt();
        entity.lastUsedAt = key.lastUsedAt();
        entity.revokedAt = key.revokedAt();
        return entity;
    }

    ApiKey toKey() {
        return new ApiKey(
                id, label, role, KeyHash.ofBytes(secretHash), createdBy, createdAt, expiresAt, lastUsedAt, revokedAt);
    }
}
