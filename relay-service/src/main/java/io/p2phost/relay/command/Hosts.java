package io.p2phost.relay.command;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.HostStateChanged;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Every enrolled host as the registry's events last told it. Thread-safe. */
public final class Hosts {
    private final Map<HostId, Known> known = new ConcurrentHashMap<>();

    private record Known(HostStateChanged host, long version) {}

    /** The hosts of a region that are ready. */
    public record Region(String name, int hosts, Optional<Double> latencyMs) {}

    /** Takes a state over unless a newer one is known. */
    public void update(HostStateChanged host, long version) {
        known.merge(
                host.hostId(),
                new Known(host, version),
                (before, offered) -> offered.version >= before.version ? offered : before);
    }

    public Optional<HostStateChanged> find(HostId id) {
        return Optional.ofNullable(known.get(id)).map(Known::host);
    }

    /** The hosts that an account has enrolled, by name. */
    public List<HostStateChanged> ofAccount(int account) {
        return known.values().stream()
                .map(Known::host)
                .filter(host -> host.accountId() == Integer.toUnsignedLong(account))
                .sorted(Comparator.comparing(HostStateChanged::name))
                .toList();
    }

    /** Regions with ready hosts, by name, and what those measure to the suite on average. */
    public List<Region> regions() {
        Map<String, List<HostStateChanged>> byName = known.values().stream()
                .map(Known::host)
                .filter(host -> host.state() == HostLifeState.READY)
                .collect(Collectors.groupingBy(HostStateChanged::region, TreeMap::new, Collectors.toList()));
        return byName.entrySet().stream()
                .map(each -> new Region(each.getKey(), each.getValue().size(), latency(each.getValue())))
                .toList();
    }

    private static Optional<Double> latency(List<HostStateChanged> hosts) {
        double sum = 0;
        int measured = 0;
        for (HostStateChanged host : hosts) {
            Double latency = host.latencyMs();
            if (latency != null) {
                sum += latency;
                measured++;
            }
        }
        return measured == 0 ? Optional.empty() : Optional.of(sum / measured);
    }
}
