package io.p2phost.dbproxy.relays;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LiveRelaysTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
    private final LiveRelays relays = new LiveRelays(Duration.ofSeconds(15), now::get);

    @Test
    void silentRelayIsForgotten() {
        relays.seen(relay("a"));
        now.set(now.get().plusSeconds(10));
        relays.seen(relay("b"));
        now.set(now.get().plusSeconds(6));
        assertThat(relays.alive()).extracting(LiveRelays.Relay::relayId).containsExactly("b");
    }

    @Test
    void boundIsKeptAndSilenceMakesRoom() {
        for (int i = 0; i < LiveRelays.MAX_RELAYS; i++) {
            assertThat(relays.seen(relay("r" + i))).isTrue();
        }
        assertThat(relays.seen(relay("one-more"))).isFalse();
        assertThat(relays.seen(relay("r0"))).as("a known one is still welcome").isTrue();
        now.set(now.get().plusSeconds(16));
        assertThat(relays.seen(relay("one-more"))).isTrue();
    }

    private static LiveRelays.Relay relay(String id) {
        return new LiveRelays.Relay(id, "EU", "127.0.0.1", 7000, "http://127.0.0.1:1");
    }
}
