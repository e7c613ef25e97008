package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Names of characters, which map-servers ask for by number, anybody's: so many at a time and each for itself. */
final class Names {
    /** Of one host between two counts of users. */
    static final int OF_A_HOST = 64;

    private static final int OF_THE_RESERVE = 1_024;

    private final World world;
    private final Upstream upstream;
    private final Map<Integer, Set<ServerKey>> askers = new HashMap<>();
    private final Map<ServerKey, Integer> counts = new HashMap<>();

    Names(World world, Upstream upstream) {
        this.world = world;
        this.upstream = upstream;
    }

    /** A map-server asks (2b08); beyond its share it is not answered, as if the character did not exist. */
    void asked(MapServer server, Packet packet) {
        int share = server.isOnHost() ? OF_A_HOST : OF_THE_RESERVE;
        if (counts.merge(server.key(), 1, Integer::sum) > share) {
            return;
        }
        Set<ServerKey> others = askers.get(CharName.requested(packet));
        if (others != null) {
            others.add(server.key());
        } else if (upstream.send(packet)) {
            askers.computeIfAbsent(CharName.requested(packet), any -> new HashSet<>())
                    .add(server.key());
        }
    }

    /** The char-server's answer (2b09): to whoever asked. */
    void told(CharName name) {
        Set<ServerKey> asked = askers.remove(name.charId());
        if (asked == null) {
            return;
        }
        for (ServerKey key : asked) {
            MapServer server = world.server(key);
            if (server != null) {
                server.send(name.packet().copy());
            }
        }
    }

    /** What was asked will not be answered. */
    void upstreamLost() {
        askers.clear();
    }

    /** The next interval; what was not answered will not be. */
    void again() {
        upstreamLost();
        counts.clear();
    }
}
