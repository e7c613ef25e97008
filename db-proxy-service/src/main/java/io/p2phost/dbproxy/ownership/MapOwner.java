package io.p2phost.dbproxy.ownership;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a map in effect.
 *
 * @param owner null when the map was released
 */
public record MapOwner(MapName map, Epoch epoch, @Nullable Owner owner) {}
