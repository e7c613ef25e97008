package io.p2phost.contracts.event;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import org.jspecify.annotations.Nullable;

/** A map's owner in effect, as db-proxy decided it (topic {@code p2p.assignments.v1}, key map). */
public record AssignmentChanged(
        MapName map,
        Epoch epoch,
        @Nullable Owner owner,
        @Nullable Owner previousOwner,
        String cause) {
    public static final String TYPE = "AssignmentChanged";
}
