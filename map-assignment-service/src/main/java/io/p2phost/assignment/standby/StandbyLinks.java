package io.p2phost.assignment.standby;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.util.Optional;
import java.util.Set;

/** db-proxy, asked which standbys are linked. */
public interface StandbyLinks {
    /** Every standby that is linked now; empty when db-proxy does not answer. */
    Optional<Set<Link>> linked();

    /** A host's link for a map. */
    record Link(HostId hostId, MapName map) {}
}
