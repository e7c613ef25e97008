package io.p2phost.assignment.status;

import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.entry.ProtectedPlayers;
import io.p2phost.assignment.ownership.HomeSwitch;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the suite's state together. */
public final class StatusReader {
    private static final int PAGE = 500;

    private final Services services;
    private final HostIndex index;
    private final Catalogues catalogues;
    private final MapStates states;
    private final HomeSwitch homeSwitch;
    private final ProtectedPlayers protectedPlayers;

    public StatusReader(
            Services services,
            HostIndex index,
            Catalogues catalogues,
            MapStates states,
            HomeSwitch homeSwitch,
            ProtectedPlayers protectedPlayers) {
        this.services = services;
        this.index = index;
        this.catalogues = catalogues;
        this.states = states;
        this.homeSwitch = homeSwitch;
        this.protectedPlayers = protectedPlayers;
    }

    public SuiteStatus read() {
        List<ServiceState> found = services.states();
        List<String> degraded = new ArrayList<>();
        for (ServiceState service : found) {
            service.parts().entrySet().stream()
                    .filter(part -> !part.getValue().equals(ServiceState.UP))
                    .sorted(java.util.Map.Entry.comparingByKey())
                    .forEach(part -> degraded.add(service.service() + ": " + part.getKey() + ": " + part.getValue()));
            if (!service.state().equals(ServiceState.UP)
                    && service.parts().values().stream().allMatch(ServiceState.UP::equals)) {
                degraded.add(service.service() + ": " + service.state());
            }
        }
        List<MapEntry> maps = catalogues.all();
        boolean readable = rowsCanBeRead(found);
        return new SuiteStatus(
                degraded.isEmpty() ? "UP" : "DEGRADED",
                found.stream()
                        .map(s -> new SuiteStatus.ServiceView(s.service().id(), s.state(), new TreeMap<>(s.parts())))
                        .toList(),
                new SuiteStatus.Hosts(index.size(), index.readyHosts()),
                new SuiteStatus.Maps(maps.size(), (int)
                        maps.stream().filter(MapEntry::eligible).count()),
                readable ? assignments() : null,
                readable ? homeSwitch.on() : null,
                isUp(found, ServiceName.DB_PROXY) ? countProtected() : null,
                degraded);
    }

    /** Who asks how things are must not wait for the very part that does not answer. */
    private static boolean rowsCanBeRead(List<ServiceState> services) {
        return services.stream()
                .filter(service -> service.service() == ServiceName.MAP_ASSIGNMENT)
                .allMatch(service -> service.state().equals(ServiceState.UP)
                        || ServiceState.UP.equals(service.parts().get("postgresql")));
    }

    private static boolean isUp(List<ServiceState> services, ServiceName name) {
        return services.stream()
                .anyMatch(
                        service -> service.service() == name && service.state().equals(ServiceState.UP));
    }

    private @Nullable Integer countProtected() {
        return protectedPlayers
                .onMaps()
                .map(maps -> maps.values().stream().mapToInt(Integer::intValue).sum())
                .orElse(null);
    }

    private SuiteStatus.Assignments assignments() {
        int hosts = 0;
        int vps = 0;
        int notReady = 0;
        @Nullable MapName after = null;
        List<MapState> page;
        do {
            page = states.page(after, PAGE);
            for (MapState state : page) {
                hosts += state.hostOwned() ? 1 : 0;
                vps += state.owner() != null && !state.hostOwned() ? 1 : 0;
                notReady += state.hostOwned() && !state.ready() ? 1 : 0;
            }
            after = page.isEmpty() ? null : page.getLast().map();
        } while (page.size() == PAGE);
        return new SuiteStatus.Assignments(hosts, vps, notReady);
    }
}
