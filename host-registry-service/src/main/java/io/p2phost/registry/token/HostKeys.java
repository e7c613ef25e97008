package io.p2phost.registry.token;

import io.p2phost.contracts.HostId;
import io.p2phost.registry.crypto.HostKey;
import java.util.Optional;

/** The public keys of enrolled hosts. */
@FunctionalInterface
public interface HostKeys {
    Optional<HostKey> keyOf(HostId host);
}
