package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.registry.crypto.HostKey;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Hosts in a map; counts how often it was asked anything. */
public final class InMemoryHosts implements Hosts {
    private final ConcurrentSkipListMap<HostId, Host> hosts = new ConcurrentSkipListMap<>();
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public Optional<Host> byId(HostId id) {
        calls.incrementAndGet();
        return Optional.ofNullable(hosts.get(id));
    }

    @Override
    public Optional<Host> lock(HostId id) {
        return byId(id);
    }

    @Override
    public List<Host> lockAll(Collection<HostId> ids) {
        calls.incrementAndGet();
        return hosts.values().stream().filter(h -> ids.contains(h.id())).toList();
    }

    @Override
    public void add(Host host) {
        if (hosts.putIfAbsent(host.id(), host) != null || countWithKey(host.key()) > 1) {
            hosts.remove(host.id(), host);
            throw new IllegalStateException("taken");
        }
    }

    @Override
    public void save(Host host) {
        calls.incrementAndGet();
        if (hosts.replace(host.id(), host) == null) {
            throw new IllegalStateException("not stored");
        }
    }

    @Override
    public void remove(HostId id) {
        hosts.remove(id);
    }

    @Override
    public List<Host> find(HostQuery query) {
        Stream<Host> all = hosts.values().stream();
        return all.filter(h -> query.state() == null || h.state() == query.state())
                .filter(h -> query.tier() == null || h.tier() == query.tier())
                .filter(h -> query.region() == null || h.region().equals(query.region()))
                .filter(h -> query.after() == null || h.id().compareTo(query.after()) > 0)
                .limit(query.limit())
                .toList();
    }

    @Override
    public List<Host> inSession(HostId after, int limit) {
        return hosts.tailMap(after, false).values().stream()
                .filter(Host::inSession)
                .limit(limit)
                .toList();
    }

    @Override
    public void lockAccount(long accountId) {}

    @Override
    public void lockKey(HostKey key) {}

    @Override
    public int countOfAccount(long accountId) {
        return (int)
                hosts.values().stream().filter(h -> h.accountId() == accountId).count();
    }

    @Override
    public boolean existsWithKey(HostKey key) {
        return countWithKey(key) > 0;
    }

    private long countWithKey(HostKey key) {
        return hosts.values().stream().filter(h -> h.key().equals(key)).count();
    }

    @Override
    public Map<HostLifeState, Long> countByState() {
        Map<HostLifeState, Long> counts = new EnumMap<>(HostLifeState.class);
        hosts.values().forEach(h -> counts.merge(h.state(), 1L, Long::sum));
        return counts;
    }
}
