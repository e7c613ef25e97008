package io.p2phost.registry.certificate;

import io.p2phost.contracts.HostId;

/** Whether a host may have a certificate now. */
@FunctionalInterface
public interface HostStanding {
    /**
     * Refuses hosts that are unknown or blacklisted.
     *
     * @throws io.p2phost.registry.refusal.Refused with the reason
     */
    void requireGood(HostId host);
}
