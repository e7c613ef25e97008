package io.p2phost.links.tunnel;

import io.p2phost.contracts.HostId;
import io.p2phost.links.frame.GoAwayCode;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Judges a host by its live state, after its certificate was found good. */
@FunctionalInterface
public interface TunnelAuthoriser {
    /**
     * Called on an event loop, must not block.
     *
     * @return empty to admit the host, else why not; a failed stage is {@link GoAwayCode#OVERLOADED}
     */
    CompletionStage<Optional<GoAwayCode>> authorise(HostId host);
}
