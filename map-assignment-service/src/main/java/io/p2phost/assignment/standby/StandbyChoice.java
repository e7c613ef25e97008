package io.p2phost.assignment.standby;

import io.p2phost.assignment.selection.HostFilter;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.selection.PickRequest;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.HostStateChanged;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a standby: the best host that has room, apart from the owner where possible. Hosts of one account or one
 * network tend to be lost together.
 */
final class StandbyChoice {
    /** A map-server with one map needs less. */
    static final int CELL_MIB = 48;

    private static final double UNKNOWN_PERCENT = 50;
    private static final double MIB_PER_GB = 1024;

    private final HostIndex index;
    private final HostNetworks networks;

    /** What must be kept within. */
    record Limits(int maxMapsPerHost, double memoryPercent) {}

    StandbyChoice(HostIndex index, HostNetworks networks) {
        this.index = index;
        this.networks = networks;
    }

    /**
     * The best host for it: of another account in another network, else of another account, else in another network,
     * else any other.
     *
     * @param excluded the owner among them
     * @param standbys how many maps each host stands by for
     */
    @Nullable
    HostId choose(int minTier, HostId owner, Set<HostId> excluded, Map<HostId, Integer> standbys, Limits limits) {
        HostFilter room = (host, maps) -> hasRoom(host, maps, standbys.getOrDefault(host.hostId(), 0), limits);
        Optional<HostStateChanged> served = index.find(owner);
        PickRequest request =
                new PickRequest(minTier, served.map(HostStateChanged::region).orElse(null), excluded);
        HostFilter account = (host, maps) ->
                served.filter(o -> o.accountId() == host.accountId()).isEmpty();
        HostFilter network = (host, maps) -> otherNetwork(owner, host.hostId());
        HostId best = index.pick(request, and(room, and(account, network)));
        best = best == null ? index.pick(request, and(room, account)) : best;
        best = best == null ? index.pick(request, and(room, network)) : best;
        return best == null ? index.pick(request, room) : best;
    }

    /** Whether the two hosts have neither the account nor the network in common. What is not known is not in common. */
    boolean apart(HostId owner, HostId other) {
        Optional<HostStateChanged> first = index.find(owner);
        boolean sameAccount = index.find(other)
                .filter(o -> first.filter(f -> f.accountId() == o.accountId()).isPresent())
                .isPresent();
        return !sameAccount && otherNetwork(owner, other);
    }

    private boolean otherNetwork(HostId one, HostId other) {
        Optional<String> network = networks.of(one);
        return network.isEmpty() || !network.equals(networks.of(other));
    }

    /** A standby must find a free map slot when it is needed, and takes memory before. */
    static boolean hasRoom(HostStateChanged host, int activeMaps, int standbys, Limits limits) {
        int slots = Math.min(host.maxMaps(), limits.maxMapsPerHost());
        Double used = host.memoryPercent();
        double freePercent = limits.memoryPercent() - (used == null ? UNKNOWN_PERCENT : used);
        return activeMaps + standbys < slots
                && host.ramGb() * MIB_PER_GB * freePercent / 100 >= (double) CELL_MIB * (standbys + 1);
    }

    private static HostFilter and(HostFilter one, HostFilter other) {
        return (host, maps) -> one.admits(host, maps) && other.admits(host, maps);
    }
}
