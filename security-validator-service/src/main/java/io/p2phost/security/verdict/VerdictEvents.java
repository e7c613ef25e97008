package io.p2phost.security.verdict;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.VerdictReached;

/** Tells the others, in the same transaction as the verdict. */
public interface VerdictEvents {
    void reached(VerdictReached verdict, long version);

    void reviewed(HostId host, String actor, String validationId, String outcome);
}
