package io.p2phost.assignment.vps;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** VPS map-servers in memory. */
public final class InMemoryVpsServers implements VpsServers {
    private final TreeMap<String, Vps> servers = new TreeMap<>();
    private final Map<String, Long> versions = new HashMap<>();

    @Override
    public List<Vps> all() {
        return List.copyOf(servers.values());
    }

    @Override
    public Optional<Vps> find(String id) {
        return Optional.ofNullable(servers.get(id));
    }

    @Override
    public long save(Vps vps) {
        servers.put(vps.id(), vps);
        return versions.merge(vps.id(), 1L, Long::sum);
    }

    @Override
    public long remove(Vps vps) {
        servers.remove(vps.id());
        return versions.merge(vps.id(), 1L, Long::sum);
    }
}
