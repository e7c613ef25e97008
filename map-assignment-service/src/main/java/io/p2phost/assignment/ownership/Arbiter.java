package io.p2phost.assignment.ownership;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** db-proxy, the single arbiter of who owns a map in effect. */
public interface Arbiter {
    /**
     * Asks for {@code (map, fromEpoch) -> (fromEpoch + 1, owner)}.
     *
     * @param planned whether the owner before is there to save its players for good
     */
    Answer compareAndSet(MapName map, Epoch fromEpoch, @Nullable Owner owner, String cause, boolean planned);

    /**
     * Every owner in effect.
     *
     * @throws ArbiterUnavailableException when it does not answer
     */
    List<InEffect> owners();

    /** Whether a call would be tried at all; false while it failed too often lately. */
    boolean reachable();

    /** An owner in effect; null when the map was released. */
    record InEffect(MapName map, Epoch epoch, @Nullable Owner owner) {}

    /** What it says. */
    sealed interface Answer {
        /** The change is in effect. */
        record Changed(Epoch epoch, @Nullable Owner owner, List<Route> routes) implements Answer {}

        /** The map was elsewhere: this is in effect. */
        record Stale(Epoch epoch, @Nullable Owner owner) implements Answer {}

        /** The wanted owner cannot serve maps now; nothing was changed. */
        record Refused(String reason) implements Answer {}

        /** It was not asked: it failed too often lately. Nothing was changed. */
        record NotAsked() implements Answer {}

        /** It did not answer; nobody knows whether the change is in effect. */
        record Unknown(String reason) implements Answer {}
    }
}
