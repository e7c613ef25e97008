package io.p2phost.assignment.standby;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Instant;

/**
 * A host that is to stand by for a map.
 *
 * @param epoch of the owner that it stands by for
 * @param since when it was chosen
 */
public record Standby(MapName map, Epoch epoch, HostId host, Instant since) {
    /** The same host, for the owner of that epoch. */
    Standby at(Epoch ownerEpoch) {
        return new Standby(map, ownerEpoch, host, since);
    }
}
