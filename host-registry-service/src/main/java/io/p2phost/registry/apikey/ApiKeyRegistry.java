package io.p2phost.registry.apikey;

import io.p2phost.contracts.ApiKeyFormat;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.audit.AuditTrail;
import io.p2phost.registry.refusal.Refused;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;

/** Issues, checks and revokes API keys. */
public class ApiKeyRegistry {
    /** Roles a key may carry; hosts and services prove themselves otherwise. */
    private static final Set<Role> KEY_ROLES = Set.of(Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.PLAYER);

    private static final int MAX_LABEL = 64;

    private final ApiKeys keys;
    private final AuditTrail audit;
    private final ApiKeyPolicy policy;
    private final InstantSource clock;
    private final SecureRandom random;

    public ApiKeyRegistry(
            ApiKeys keys, AuditTrail audit, ApiKeyPolicy policy, InstantSource clock, SecureRandom random) {
        this.keys = keys;
        this.audit = audit;
        this.policy = policy;
        this.clock = clock;
        this.random = random;
    }

    /** Makes a key; its secret is in the answer and nowhere else. */
    @Transactional
    public IssuedApiKey create(String label, Role role, @Nullable Instant expiresAt, String actor) {
        requireLabel(label);
        if (!KEY_ROLES.contains(role)) {
            throw invalid("role: " + role + " (expected: ADMIN, OPERATOR, VIEWER or PLAYER)");
        }
        Instant now = clock.instant();
        if (expiresAt != null && (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(policy.maxLifetime())))) {
            throw invalid("expiresAt: " + expiresAt + " (expected: after now and within " + policy.maxLifetime() + ")");
        }
        String secret = newSecret();
        ApiKey key = new ApiKey(
                ApiKeyFormat.idOf(secret), label, role, KeyHash.ofKey(secret), actor, now, expiresAt, null, null);
        keys.save(key);
        audit.record(actor, "api-key.create", "key:" + key.id(), Map.of("role", role.name(), "label", label));
        return new IssuedApiKey(key, secret);
    }

    /** Makes a key useless; the gateway forgets it within 60 s. Revoking twice changes nothing. */
    @Transactional
    public void revoke(String id, String actor) {
        ApiKey key = keys.byId(id)
                .orElseThrow(() -> new Refused(ProblemType.NOT_FOUND, "api key: " + Text.quote(id) + " is not known"));
        if (key.isBootstrap()) {
            throw new Refused(
                    ProblemType.CONFLICT,
                    "api key: " + id + " comes from the settings (expected: change p2p.registry.admin-api-key)");
        }
        if (key.revokedAt() == null) {
            keys.save(key.revoked(clock.instant()));
            audit.record(actor, "api-key.revoke", "key:" + id, Map.of());
        }
    }

    @Transactional(readOnly = true)
    public List<ApiKey> list(@Nullable String afterId, int limit) {
        return keys.list(afterId, limit);
    }

    /** The key's record if the secret is right and the key usable; every other case looks the same to the caller. */
    @Transactional
    public Optional<ApiKey> authenticate(String secret) {
        if (!ApiKeyFormat.isApiKey(secret)) {
            return Optional.empty();
        }
        KeyHash presented = KeyHash.ofKey(secret);
        Instant now = clock.instant();
        Optional<ApiKey> found = keys.byId(ApiKeyFormat.idOf(secret))
                .filter(key -> key.secretHash().matches(presented))
                .filter(key -> key.usableAt(now));
        found.ifPresent(key -> noteUse(key, now));
        return found;
    }

    private void noteUse(ApiKey key, Instant now) {
        Instant notSince = now.minus(policy.lastUseInterval());
        if (key.lastUsedAt() == null || key.lastUsedAt().isBefore(notSince)) {
            keys.used(key.id(), now, notSince);
        }
    }

    /** Makes the key from the settings the one bootstrap key; others that came from the settings are revoked. */
    @Transactional
    public void bootstrap(String secret) {
        if (!ApiKeyFormat.isApiKey(secret)) {
            throw new IllegalArgumentException(
                    "p2p.registry.admin-api-key: (expected: p2p_<id>_<43 base64url characters>; p2p-keygen makes one)");
        }
        String id = ApiKeyFormat.idOf(secret);
        Instant now = clock.instant();
        keys.bootstrapKeys().stream().filter(key -> !key.id().equals(id)).forEach(key -> {
            keys.save(key.revoked(now));
            audit.record(ApiKey.BOOTSTRAP, "api-key.revoke", "key:" + key.id(), Map.of());
        });
        KeyHash hash = KeyHash.ofKey(secret);
        Optional<ApiKey> known = keys.byId(id);
        if (known.isPresent()
                && known.get().usableAt(now)
                && known.get().secretHash().matches(hash)) {
            return;
        }
        if (known.isPresent() && !known.get().isBootstrap()) {
            throw new IllegalArgumentException(
                    "p2p.registry.admin-api-key: its id " + id + " is taken by another key (expected: a new key)");
        }
        keys.save(new ApiKey(id, "from the settings", Role.ADMIN, hash, ApiKey.BOOTSTRAP, now, null, null, null));
        audit.record(ApiKey.BOOTSTRAP, "api-key.create", "key:" + id, Map.of("role", Role.ADMIN.name()));
    }

    private String newSecret() {
        // 40 bits of id: a clash is unlikely, not impossible.
        for (int attempt = 0; attempt < 8; attempt++) {
            String secret = ApiKeyFormat.generate(random);
            if (keys.byId(ApiKeyFormat.idOf(secret)).isEmpty()) {
                return secret;
            }
        }
        throw new IllegalStateException("api key: no free id in 8 attempts (expected: a working source of randomness)");
    }

    private static void requireLabel(String label) {
        if (label.isBlank() || label.length() > MAX_LABEL || label.chars().anyMatch(Character::isISOControl)) {
            throw invalid("label: " + Text.quote(label) + " (expected: 1 to " + MAX_LABEL + " printable characters)");
        }
    }

    private static Refused invalid(String detail) {
        return new Refused(ProblemType.INVALID_VALUE, detail);
    }
}
