package io.p2phost.assignment.entry;

import io.p2phost.contracts.MapName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Players whose clients only the VPS can read, so that they stay there whoever owns their map. */
@FunctionalInterface
public interface ProtectedPlayers {
    /** How many are on the VPS's copies of maps that have any; empty when nobody says. */
    Optional<Map<MapName, Integer>> onMaps();

    /** How many are on the VPS's copy of that map; empty when nobody says. */
    default OptionalInt on(MapName map) {
        return onMaps().map(all -> OptionalInt.of(all.getOrDefault(map, 0))).orElseGet(OptionalInt::empty);
    }
}
