package io.p2phost.registry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.registry.MutableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LiveRelaysTest {
    private static final Duration LIFETIME = Duration.ofSeconds(15);

    private final MutableClock clock = new MutableClock();
    private final InMemoryRelays store = new InMemoryRelays();
    private LiveRelays relays = new LiveRelays(store, LIFETIME, clock);

    private void announce(String id) {
        relays.announce(new Relay(id, "EU", "127.0.0.1", 7443, "http://127.0.0.1:8086", clock.instant()));
    }

    @Test
    void aRelayIsAliveForFifteenSecondsAfterItsLastWord() {
        clock.pass(LIFETIME);
        announce("one");
        clock.pass(LIFETIME);
        assertThat(relays.live()).hasSize(1);
        clock.pass(Duration.ofMillis(1));
        assertThat(relays.live()).isEmpty();
    }

    @Test
    void afterARestartRelaysGetTimeToSpeakAgain() {
        announce("gone-long-ago");
        clock.pass(Duration.ofHours(1));
        announce("alive-when-we-stopped");
        clock.pass(Duration.ofHours(1));
        relays = new LiveRelays(store, LIFETIME, clock);

        assertThat(relays.live()).extracting(Relay::relayId).containsExactly("alive-when-we-stopped");
        clock.pass(LIFETIME);
        assertThat(relays.live()).isEmpty();
    }

    @Test
    void announcementsAreChecked() {
        assertThatThrownBy(() -> announce("")).hasMessageContaining("relayId: \"\"");
        assertThatThrownBy(() -> new Relay("a", "E U", "h", 1, "http://h", clock.instant()))
                .hasMessageContaining("region: ");
        assertThatThrownBy(() -> new Relay("a", "EU", "h/x", 1, "http://h", clock.instant()))
                .hasMessageContaining("host: ");
        assertThatThrownBy(() -> new Relay("a", "EU", "h", 0, "http://h", clock.instant()))
                .hasMessage("tunnelPort: 0 (expected: 1 to 65535)");
        assertThatThrownBy(() -> new Relay("a", "EU", "h", 1, "file:///etc", clock.instant()))
                .hasMessageContaining("apiUrl: ");
    }
}
