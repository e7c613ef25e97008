package io.p2phost.assignment.failover;

import io.p2phost.contracts.HostId;
import java.util.Set;

/** Takes players from one relay to another. */
@FunctionalInterface
public interface Carrier {
    /**
     * That relay does not hear the host, the others do: its players there are saved and go on through one of them.
     *
     * @return false when none of them can take players, so that the host's maps have to leave it
     */
    boolean carry(HostId host, String from, Set<String> others);
}
