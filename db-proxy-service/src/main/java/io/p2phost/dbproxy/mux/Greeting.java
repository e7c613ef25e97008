package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.LoginAnswer;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.RemoteMaps;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a char-server tells every map-server that logs in, kept from our own login, so that map-servers can log in at any
 * time and also while the char-server is away.
 */
final class Greeting {
    /** Maps of core are kept whole; a stock char-server sends one list for it. */
    private static final int MAX_LISTS = 8;

    private final World world;
    private final List<RemoteMaps> coreMaps = new ArrayList<>();
    private final Set<String> coreMapNames = new HashSet<>();
    private @Nullable Packet storages;
    private @Nullable Packet accepted;
    private @Nullable Packet fame;
    private @Nullable Packet castles;
    private @Nullable Packet clans;

    private boolean coreClosed;
    /** Before core was gone. */
    private List<RemoteMaps> lastCoreMaps = List.of();

    Greeting(World world) {
        this.world = world;
    }

    void storages(Packet packet) {
        storages = packet;
    }

    void accepted(Packet packet) {
        accepted = packet;
    }

    void fame(Packet packet) {
        fame = packet;
    }

    void castles(Packet packet) {
        castles = packet;
    }

    void clans(Packet packet) {
        clans = packet;
    }

    /** Whether map-servers can be let in: the char-server has accepted us once. */
    boolean isComplete() {
        return storages != null && accepted != null;
    }

    /** Answers a map-server's login. */
    void welcome(MapServer server) {
        server.login = MapServer.Login.LOGGED_IN;
        server.send(LoginAnswer.accept().packet());
        server.send(known(storages).copy());
    }

    /** Answers a map-server's list of maps. */
    void announced(MapServer server) {
        server.login = MapServer.Login.ANNOUNCED;
        // Told before it is ready, for it asks then for the server changes that its lost link has left open, and throws
        // out who goes to a map that it knows no server of. A char-server tells it too late.
        List<RemoteMaps> ofCore = coreMaps.isEmpty() ? lastCoreMaps : coreMaps;
        ofCore.forEach(list -> server.send(list.packet().copy()));
        tellHostedMaps(server);
        server.send(known(accepted).copy());
        if (coreMaps.isEmpty() || coreClosed) {
            ofCore.forEach(list -> forget(server, list));
        }
        if (fame != null) {
            server.send(fame.copy());
        }
    }

    /** Answers what a map-server asks once at its start; unanswered while nothing is known. */
    void answer(MapServer server, Packet request) {
        Packet copy = request.id() == MapToChar.LOAD_CASTLES ? castles : clans;
        if (copy != null) {
            server.send(copy.copy());
        }
    }

    // ---- core's maps ----

    /** Core's maps as the char-server told them. */
    void coreMaps(Packet list) {
        if (coreMaps.size() < MAX_LISTS) {
            RemoteMaps maps = new RemoteMaps(list.copy());
            coreMaps.add(maps);
            coreMapNames.addAll(maps.maps());
        }
        if (!coreClosed) {
            world.eachServer(server -> server.send(list.copy()));
        }
    }

    /**
     * The char-server's database takes nothing, or does again: who goes to core goes with what is stored, so meanwhile
     * nobody's portal leads there.
     */
    void closeCore(boolean closed) {
        if (closed == coreClosed) {
            return;
        }
        coreClosed = closed;
        if (closed) {
            removeCore();
        } else {
            coreMaps.forEach(
                    list -> world.eachServer(server -> server.send(list.packet().copy())));
        }
    }

    boolean isCoreMap(MapName map) {
        return coreMapNames.contains(map.value());
    }

    /** Where players of that map of core's connect, as the char-server told it. */
    Optional<MuxSettings.Address> coreAddress(MapName map) {
        return coreMaps.stream()
                .filter(list -> list.maps().contains(map.value()))
                .findFirst()
                .map(list -> new MuxSettings.Address(list.ip(), list.port()));
    }

    boolean knowsCoreMaps() {
        return !coreMapNames.isEmpty();
    }

    /** Nobody can go to core now. */
    void coreIsGone() {
        if (!coreClosed) {
            removeCore();
        }
        if (!coreMaps.isEmpty()) {
            lastCoreMaps = List.copyOf(coreMaps);
        }
        coreMaps.clear();
        coreMapNames.clear();
    }

    private void removeCore() {
        coreMaps.forEach(list -> world.eachServer(server -> forget(server, list)));
    }

    /**
     * In network order and swapped, because chrif_removemap compares the address in the wrong byte order; before that the
     * hosted maps again, twice, because each removal counts one server less, and a map-server that knows no other kicks who
     * walks into a portal.
     */
    private void forget(MapServer server, RemoteMaps list) {
        tellHostedMaps(server);
        tellHostedMaps(server);
        RemoteMaps gone = RemoteMaps.gone(list.ip(), list.port(), list.maps());
        server.send(gone.packet().copy());
        server.send(gone.withReversedAddress().packet());
    }

    /** The eligible maps changed: a player who walks onto one that is served no longer would be thrown out. */
    void hostedMapsChanged(Set<MapName> withdrawn) {
        MuxSettings.Address front = world.settings.front();
        world.eachServer(server -> {
            List<String> gone = withdrawn.stream()
                    .map(MapName::value)
                    .filter(map -> !server.maps().contains(map))
                    .sorted()
                    .toList();
            if (!gone.isEmpty()) {
                forget(server, RemoteMaps.gone(front.ip(), front.port(), gone));
            } else {
                tellHostedMaps(server);
            }
        });
    }

    /** The eligible maps that this server does not hold itself, all at the front's address. */
    private void tellHostedMaps(MapServer server) {
        List<String> others = world.eligibleMaps().stream()
                .filter(map -> !server.maps().contains(map))
                .toList();
        // An empty list counts as a server too, which the reserve, that has all maps itself, needs.
        MuxSettings.Address front = world.settings.front();
        server.send(RemoteMaps.served(front.ip(), front.port(), others).packet());
    }

    private static Packet known(@Nullable Packet packet) {
        if (packet == null) {
            throw new IllegalStateException("greeting: asked before the char-server accepted us");
        }
        return packet;
    }
}
