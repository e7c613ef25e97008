package io.p2phost.assignment.standby;

import io.p2phost.contracts.HostId;
import java.util.Optional;

/** In which network a host is, as relays see it. */
@FunctionalInterface
public interface HostNetworks {
    Optional<String> of(HostId host);
}
