package io.p2phost.relay.player;

import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What players have dropped and nobody has taken yet, on all map-servers: whoever takes it is saved at once, so that it is not
 * lost with its server. Any thread; bounded, the oldest are forgotten first, which costs only that.
 */
final class Dropped {
    /** Things; each lies for a minute at most. */
    static final int MOST = 10_000;

    private final Set<Thing> lying = Collections.synchronizedSet(new LinkedHashSet<>());

    /** @param map of a host's map-server, which has one; one of the VPS counts things on all its maps in one row */
    private record Thing(Owner owner, @Nullable MapName map, int id) {}

    /** A player has dropped it there. */
    void add(Destination at, int id) {
        synchronized (lying) {
            lying.add(thing(at, id));
            if (lying.size() > MOST) {
                lying.remove(lying.iterator().next());
            }
        }
    }

    /** Whether a player had dropped what is taken now. */
    boolean take(Destination at, int id) {
        return !lying.isEmpty() && lying.remove(thing(at, id));
    }

    private static Thing thing(Destination at, int id) {
        return new Thing(at.owner(), at.owner().isHost() ? at.map() : null, id);
    }
}
