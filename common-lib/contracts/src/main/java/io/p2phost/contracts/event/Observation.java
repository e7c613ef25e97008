package io.p2phost.contracts.event;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Instant;
import java.util.List;

/**
 * What relay or db-proxy saw of a host during a window (topic {@code p2p.observations.v1}, key hostId).
 *
 * @param source id of the service that saw it
 */
public record Observation(
        String observationId,
        String source,
        HostId hostId,
        MapName map,
        Epoch epoch,
        Instant from,
        Instant to,
        List<Fact> facts) {
    public static final String TYPE = "Observation";
}
