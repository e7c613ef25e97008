package io.p2phost.registry.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every store of signing keys must do. */
public abstract class SigningKeysContract {
    protected abstract SigningKeys keys();

    private SigningKey added(Instant at) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        SigningKey key = new SigningKey(UUID.randomUUID().toString(), pair.getPublic(), pair.getPrivate(), at);
        keys().add(key);
        return key;
    }

    @Test
    void givesBackBothHalvesNewestFirst() throws Exception {
        SigningKey older = added(Instant.parse("2126-11-21T10:00:00Z"));
        SigningKey newer = added(Instant.parse("2126-11-21T10:00:01Z"));

        assertThat(keys().newestFirst()).startsWith(newer, older);

        keys().remove(newer.kid());
        keys().remove(older.kid());
        assertThat(keys().newestFirst()).doesNotContain(newer, older);
    }
}
