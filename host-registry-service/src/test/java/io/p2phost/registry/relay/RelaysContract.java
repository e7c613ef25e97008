package io.p2phost.registry.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every store of relays must do. */
public abstract class RelaysContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private final String id = "r-" + UUID.randomUUID();

    protected abstract Relays relays();

    @Test
    void anAnnouncementReplacesTheOneBefore() {
        relays().announce(new Relay(id, "EU", "10.0.0.1", 7443, "http://10.0.0.1:8086", NOW));
        Relay moved = new Relay(id, "US", "10.0.0.2", 7444, "http://10.0.0.2:8086", NOW.plusSeconds(5));
        relays().announce(moved);

        assertThat(relays().all()).filteredOn(r -> r.relayId().equals(id)).containsExactly(moved);
    }

    @Test
    void anAnnouncementThatComesLateDoesNotMakeARelayOlder() {
        relays().announce(new Relay(id, "EU", "10.0.0.1", 7443, "http://10.0.0.1:8086", NOW));
        relays().announce(new Relay(id, "EU", "10.0.0.1", 7443, "http://10.0.0.1:8086", NOW.minusSeconds(5)));

        assertThat(relays().all())
                .filteredOn(r -> r.relayId().equals(id))
                .extracting(Relay::lastSeen)
                .containsExactly(NOW);
    }
}
