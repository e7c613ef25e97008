package io.p2phost.dbproxy.relays;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Relays that announced themselves lately. Bounded: an address book, not a registry. */
public final class LiveRelays {
    static final int MAX_RELAYS = 1_000;

    private final Map<String, Seen> relays = new ConcurrentHashMap<>();
    private final Duration aliveFor;
    private final InstantSource clock;

    public LiveRelays(Duration aliveFor, InstantSource clock) {
        this.aliveFor = aliveFor;
        this.clock = clock;
    }

    /**
     * Notes that a relay is alive.
     *
     * @return false when there are too many relays already
     */
    public boolean seen(Relay relay) {
        if (!relays.containsKey(relay.relayId()) && relays.size() >= MAX_RELAYS) {
            forgetSilent();
            if (relays.size() >= MAX_RELAYS) {
                return false;
            }
        }
        relays.put(relay.relayId(), new Seen(relay, clock.instant()));
        return true;
    }

    public List<Relay> alive() {
        forgetSilent();
        return relays.values().stream().map(Seen::relay).toList();
    }

    /** The relay of that id, if it is alive. */
    public Optional<Relay> find(@Nullable String relayId) {
        return relayId == null
                ? Optional.empty()
                : Optional.ofNullable(relays.get(relayId))
                        .filter(seen -> seen.at.isAfter(clock.instant().minus(aliveFor)))
                        .map(Seen::relay);
    }

    /** Of these, the one that players of that relay had best go on at: alive, and in its region if there is one. */
    public Optional<Relay> insteadOf(String relayId, Set<String> candidates) {
        String region = find(relayId).map(Relay::region).orElse("");
        return alive().stream()
                .filter(relay ->
                        candidates.contains(relay.relayId()) && !relay.relayId().equals(relayId) && relay.port() > 0)
                .min(Comparator.comparing((Relay relay) -> !relay.region().equals(region))
                        .thenComparing(Relay::relayId));
    }

    private void forgetSilent() {
        Instant silentSince = clock.instant().minus(aliveFor);
        relays.values().removeIf(seen -> seen.at.isBefore(silentSince));
    }

    /**
     * A relay.
     *
     * @param port where players connect; 0 when it has not said
     * @param apiUrl base URL of its internal HTTP interface
     */
    public record Relay(String relayId, String region, String host, int port, String apiUrl) {}

    private record Seen(Relay relay, Instant at) {}
}
