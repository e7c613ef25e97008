package io.p2phost.registry.host;

import io.p2phost.registry.relay.Relay;
import java.time.Instant;
import java.util.List;

/** What a host needs to know when its session begins. */
public record SessionGranted(int tier, LeaseGranted lease, List<Relay> relays, Instant serverTime) {
    public SessionGranted {
        relays = List.copyOf(relays);
    }
}
