package io.p2phost.relay.route;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import org.jspecify.annotations.Nullable;

/**
 * Who serves a map.
 *
 * @param owner null when nobody does
 */
public record Route(MapName map, Epoch epoch, @Nullable Owner owner) {}
