package io.p2phost.assignment.entry;

import io.p2phost.contracts.MapName;
import java.util.OptionalInt;

/** Players whose clients only the VPS can read, so that they stay there whoever owns their map. */
@FunctionalInterface
public interface ProtectedPlayers {
    /** How many are on the VPS's copy of that map; empty when nobody says. */
    OptionalInt on(MapName map);
}
