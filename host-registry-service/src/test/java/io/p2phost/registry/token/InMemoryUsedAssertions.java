package io.p2phost.registry.token;

import io.p2phost.contracts.HostId;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;

/** Used assertions in a map. */
public final class InMemoryUsedAssertions implements UsedAssertions {
    private final ConcurrentHashMap<String, Instant> used = new ConcurrentHashMap<>();

    @Override
    public boolean markUsed(HostId host, String jti, Instant expiresAt) {
        return used.putIfAbsent(host + " " + jti, expiresAt) == null;
    }

    @Override
    public int countLive(HostId host, Instant now) {
        return (int) used.entrySet().stream()
                .filter(e -> e.getKey().startsWith(host.value()) && e.getValue().isAfter(now))
                .count();
    }

    @Override
    public int forgetExpired(Instant now) {
        int before = used.size();
        used.values().removeIf(at -> !at.isAfter(now));
        return before - used.size();
    }
}
