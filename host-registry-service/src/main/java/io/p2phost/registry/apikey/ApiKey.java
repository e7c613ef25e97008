package io.p2phost.registry.apikey;

import io.p2phost.contracts.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is kept: everything but the key itself.
 *
 * @param id the public part of the key; may be logged
 * @param secretHash SHA-256 of the whole key
 * @param createdBy who made it; {@code bootstrap} for the one from the settings
 * @param lastUsedAt exact to the throttling interval
 */
public record ApiKey(
        String id,
        String label,
        Role role,
        KeyHash secretHash,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {
    /** {@link #createdBy} of the key that comes from the settings. */
    public static final String BOOTSTRAP = "bootstrap";

    /** Whether the key opens anything at that time. */
    public boolean usableAt(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    public boolean isBootstrap() {
        return createdBy.equals(BOOTSTRAP);
    }

    ApiKey revoked(Instant now) {
        return revokedAt != null
                ? this
                : new ApiKey(id, label, role, secretHash, createdBy, createdAt, expiresAt, lastUsedAt, now);
    }
}
