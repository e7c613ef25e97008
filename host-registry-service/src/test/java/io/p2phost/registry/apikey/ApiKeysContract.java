package io.p2phost.registry.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.ApiKeyFormat;
import io.p2phost.contracts.Role;
import java.security.SecureRandom;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of API keys must do. */
public abstract class ApiKeysContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    protected abstract ApiKeys keys();

    private ApiKey saved(String by, @Nullable Instant expiresAt) {
        String secret = ApiKeyFormat.generate(new SecureRandom());
        ApiKey key = new ApiKey(
                ApiKeyFormat.idOf(secret), "l", Role.VIEWER, KeyHash.ofKey(secret), by, NOW, expiresAt, null, null);
        keys().save(key);
        return key;
    }

    @Test
    void givesBackWhatWasSaved() {
        ApiKey key = saved("key:a", NOW.plusSeconds(60));

        assertThat(keys().byId(key.id())).contains(key);
        assertThat(keys().byId("unknown1")).isEmpty();
    }

    @Test
    void savesARevocation() {
        ApiKey key = saved("key:a", null);
        long before = keys().countUsable(NOW);

        keys().save(key.revoked(NOW));

        assertThat(keys().byId(key.id()).orElseThrow().revokedAt()).isEqualTo(NOW);
        assertThat(keys().countUsable(NOW)).isEqualTo(before - 1);
    }

    @Test
    void anExpiredKeyIsNotCounted() {
        long before = keys().countUsable(NOW);
        saved("key:a", NOW);
        saved("key:a", NOW.plusSeconds(1));

        assertThat(keys().countUsable(NOW)).isEqualTo(before + 1);
    }

    @Test
    void notesAUseOnlyAfterAWhile() {
        ApiKey key = saved("key:a", null);

        keys().used(key.id(), NOW, NOW.minusSeconds(60));
        keys().used(key.id(), NOW.plusSeconds(30), NOW.minusSeconds(30));
        assertThat(keys().byId(key.id()).orElseThrow().lastUsedAt()).isEqualTo(NOW);

        keys().used(key.id(), NOW.plusSeconds(61), NOW.plusSeconds(1));
        assertThat(keys().byId(key.id()).orElseThrow().lastUsedAt()).isEqualTo(NOW.plusSeconds(61));
    }

    @Test
    void listsInTheOrderOfIdsFromACursor() {
        ApiKey one = saved("key:a", null);
        ApiKey two = saved("key:a", null);
        boolean inOrder = one.id().compareTo(two.id()) < 0;
        ApiKey first = inOrder ? one : two;
        ApiKey second = inOrder ? two : one;

        assertThat(keys().list(first.id(), 1_000)).contains(second).doesNotContain(first);
        assertThat(keys().list(null, 1)).hasSize(1);
    }

    @Test
    void findsBootstrapKeysThatAreNotRevoked() {
        ApiKey key = saved(ApiKey.BOOTSTRAP, null);
        ApiKey revoked = saved(ApiKey.BOOTSTRAP, null);
        keys().save(revoked.revoked(NOW));
        ApiKey other = saved("key:a", null);

        assertThat(keys().bootstrapKeys())
                .extracting(ApiKey::id)
                .contains(key.id())
                .doesNotContain(revoked.id(), other.id());
    }
}
