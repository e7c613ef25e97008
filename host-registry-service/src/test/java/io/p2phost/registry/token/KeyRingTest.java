package io.p2phost.registry.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.registry.MutableClock;
import io.p2phost.registry.RecordedAudit;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyRingTest {
    private final MutableClock clock = new MutableClock();
    private final InMemorySigningKeys store = new InMemorySigningKeys();
    private final RecordedAudit audit = new RecordedAudit();
    private final KeyRing ring = ring();

    private KeyRing ring() {
        return new KeyRing(store, audit, clock, new SecureRandom(), Duration.ofSeconds(10));
    }

    @Test
    void theFirstStartMakesOneKeyAndTheSecondNone() {
        ring.initialise();
        ring().initialise();

        assertThat(ring.live()).hasSize(1);
        assertThat(ring.signing().toString())
                .isEqualTo("SigningKey[" + ring.signing().kid() + "]");
    }

    @Test
    void aRotationSignsWithTheNewKeyAndKeepsTheOneBefore() {
        ring.initialise();
        SigningKey first = ring.signing();
        SigningKey second = ring.rotate("key:a");
        assertThat(ring.reload()).containsExactly(second, first);

        SigningKey third = ring.rotate("key:a");
        assertThat(ring.reload()).as("two rotations end the first key").containsExactly(third, second);
        assertThat(store.newestFirst()).hasSize(2);
        assertThat(audit.entries).hasSize(2).first().asString().contains("signing-key.rotate");
    }

    @Test
    void aRotationElsewhereIsSeenAfterTheRefreshInterval() {
        ring.initialise();
        SigningKey first = ring.signing();
        SigningKey second = ring().rotate("key:a");

        assertThat(ring.signing()).isEqualTo(first);
        clock.pass(Duration.ofSeconds(10));
        assertThat(ring.signing()).isEqualTo(second);
    }

    @Test
    void whileTheStoreIsAwayTheKnownKeysAreUsed() {
        ring.initialise();
        SigningKey first = ring.signing();
        store.away = true;
        clock.pass(Duration.ofMinutes(5));

        assertThat(ring.signing()).isEqualTo(first);
        assertThatThrownBy(() -> ring().live()).hasMessage("away");
    }
}
