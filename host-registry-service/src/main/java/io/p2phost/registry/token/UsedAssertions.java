package io.p2phost.registry.token;

import io.p2phost.contracts.HostId;
import java.time.Instant;

/** Ids of assertions that were exchanged for a token, kept until they expire. */
public interface UsedAssertions {
    /**
     * Notes the use of an assertion.
     *
     * @return false when it was used before
     */
    boolean markUsed(HostId host, String jti, Instant expiresAt);

    /** How many unexpired ids are kept of one host. */
    int countLive(HostId host, Instant now);

    /**
     * Forgets ids that have expired.
     *
     * @return how many
     */
    int forgetExpired(Instant now);
}
