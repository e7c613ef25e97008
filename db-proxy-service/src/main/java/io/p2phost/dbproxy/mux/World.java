package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.layout.StructLayout;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the multiplexer's parts share. */
final class World {
    /** A char-server copies the list of maps into a buffer of 32,767 bytes (char_mapif.cpp). */
    static final int MAX_MAPS = 2_000;

    final MuxSettings settings;
    final Outside outside;
    final Pseudonyms pseudonyms;
    final Sessions sessions = new Sessions();
    private final InstantSource clock;
    private final Map<ServerKey, MapServer> servers = new LinkedHashMap<>();
    private final Map<MapName, Owned> owners = new LinkedHashMap<>();
    private Set<MapName> eligible = Set.of();
    private boolean eligibleKnown;

    /** Where clients reach the reserve. */
    MuxSettings.@Nullable Address reserveAddress;

    /** A map's owner in effect. */
    record Owned(ServerKey server, Epoch epoch) {}

    World(MuxSettings settings, Outside outside, Pseudonyms pseudonyms, InstantSource clock) {
        this.settings = settings;
        this.outside = outside;
        this.pseudonyms = pseudonyms;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** Of a character's record. */
    StructLayout layout() {
        return settings.layout().character();
    }

    Status status(byte[] record) {
        return new Status(record, layout());
    }

    // ---- servers ----

    /** A newer connection of the same server takes over. */
    void add(MapServer server) {
        MapServer older = servers.put(server.key(), server);
        if (older != null) {
            older.close("replaced by a newer connection");
        }
    }

    void remove(MapServer server) {
        servers.remove(server.key(), server);
    }

    /** A host owns a map: the standby that it may have running for it is the map's server. */
    void promote(ServerKey.Cell owner) {
        MapServer standby = servers.get(standbyOf(owner));
        if (standby != null && !servers.containsKey(owner)) {
            servers.remove(standby.key());
            standby.promote(owner);
            servers.put(owner, standby);
        }
    }

    /** As what a host's standby for a map is known: an epoch it has none. */
    static ServerKey.Cell standbyOf(ServerKey.Cell owner) {
        return new ServerKey.Cell(owner.host(), owner.map(), Epoch.NONE);
    }

    /** Whether this connection is still the one of its server. */
    boolean isCurrent(MapServer server) {
        return servers.get(server.key()) == server;
    }

    @Nullable
    MapServer server(ServerKey key) {
        return servers.get(key);
    }

    /** All connected, but core: a copy. */
    List<MapServer> servers() {
        return servers.values().stream()
                .filter(server -> !(server.key() instanceof ServerKey.Core))
                .toList();
    }

    /** Servers behind the multiplexer that have logged in. */
    void eachServer(Consumer<MapServer> action) {
        servers().stream()
                .filter(server -> server.login == MapServer.Login.ANNOUNCED)
                .forEach(action);
    }

    /** The server that has him, if it is connected and may have players. */
    Optional<MapServer> serverOf(PlayerSession session) {
        MapServer server = servers.get(session.server);
        return server != null && server.hasPlayers() ? Optional.of(server) : Optional.empty();
    }

    // ---- maps ----

    /** Sorted names. */
    List<String> eligibleMaps() {
        return eligible.stream().map(MapName::value).sorted().toList();
    }

    boolean isEligible(MapName map) {
        return eligible.contains(map);
    }

    boolean hasEligibleMaps() {
        return !eligible.isEmpty();
    }

    /** Whether it was said that no map may be hosted; before that nobody knows. */
    boolean isKnownToHaveNoMaps() {
        return eligibleKnown && eligible.isEmpty();
    }

    /** Those that were eligible before and are no longer; null when nothing changed. */
    @Nullable
    Set<MapName> replaceEligible(Set<MapName> maps) {
        if (maps.size() > MAX_MAPS) {
            throw new IllegalArgumentException("maps: " + maps.size() + " (expected: at most " + MAX_MAPS + ")");
        }
        for (MapName map : maps) {
            if (!map.announceable()) {
                throw new IllegalArgumentException("map: " + map + " (expected: at most "
                        + MapName.MAX_ANNOUNCEABLE_LENGTH + " characters, no #)");
            }
        }
        eligibleKnown = true;
        if (maps.equals(eligible)) {
            return null;
        }
        Set<MapName> withdrawn = new HashSet<>(eligible);
        withdrawn.removeAll(maps);
        eligible = Set.copyOf(maps);
        return withdrawn;
    }

    void own(MapName map, Owned owned) {
        owners.put(map, owned);
    }

    Epoch epochOf(MapName map) {
        Owned owned = owners.get(map);
        return owned == null ? Epoch.NONE : owned.epoch;
    }

    /** Who serves an eligible map now: its owner, or the reserve, which has them all. */
    ServerKey ownerOf(MapName map) {
        Owned owned = owners.get(map);
        return owned == null ? ServerKey.RESERVE : owned.server;
    }

    boolean hasHost(MapName map) {
        return ownerOf(map) instanceof ServerKey.Cell;
    }

    // ---- sessions ----

    Outside.Route routeOf(PlayerSession session) {
        return new Outside.Route(
                session.server,
                session.map,
                epochOf(session.map),
                pseudonyms.of(session).loginId1());
    }

    void keep(PlayerSession session) {
        keep(session, () -> {});
    }

    /** Who is saved for good needs no keeping any more. */
    void keep(PlayerSession session, Runnable done) {
        if (session.acknowledged) {
            done.run();
        } else {
            outside.keep(SessionRow.of(session, !settings.limits().rare().isNone()), done);
        }
    }

    /** He is in play no longer; what follows his last save is still taken for a moment. */
    void end(PlayerSession session) {
        if (session.isFinishing(now())) {
            session.acknowledged = true;
            session.become(SessionState.PENDING_REPLAY, now());
        } else {
            sessions.remove(session);
        }
        outside.forget(session.account, session.number);
    }

    void violated(MapServer server, int packet, int account, Violation.Kind kind, String what) {
        outside.violated(new Violation(server.key(), packet, account, kind, what));
    }
}
