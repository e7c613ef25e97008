package io.p2phost.registry.relay;

import java.util.List;
import java.util.TreeMap;

/** Relays in a map. */
public final class InMemoryRelays implements Relays {
    private final TreeMap<String, Relay> relays = new TreeMap<>();

    @Override
    public synchronized void announce(Relay relay) {
        relays.merge(
                relay.relayId(),
                relay,
                (old, fresh) -> new Relay(
                        fresh.relayId(),
                        fresh.region(),
                        fresh.host(),
                        fresh.tunnelPort(),
                        fresh.apiUrl(),
                        fresh.lastSeen().isAfter(old.lastSeen()) ? fresh.lastSeen() : old.lastSeen()));
    }

    @Override
    public synchronized List<Relay> all() {
        return List.copyOf(relays.values());
    }
}
