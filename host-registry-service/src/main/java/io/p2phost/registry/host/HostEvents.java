package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import java.time.Instant;
import java.util.List;

/** What others hear of hosts. */
public interface HostEvents {
    /** A host's new state or load; commits with the transaction that made it. */
    void changed(Host host);

    /** A heartbeat that was accepted; may be lost. */
    void heartbeat(HostId host, Instant receivedAt, Load load, List<ServedMap> maps);
}
