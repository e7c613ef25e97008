package io.p2phost.registry.host;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;

/** A map that a host says it serves. */
public record ServedMap(MapName map, Epoch epoch, int players) {
    public ServedMap {
        Range.require("players", players, 0, 10_000);
    }
}
