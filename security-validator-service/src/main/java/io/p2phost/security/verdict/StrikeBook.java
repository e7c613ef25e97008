package io.p2phost.security.verdict;

import io.p2phost.contracts.HostId;
import java.util.Optional;

/** Where strikes are kept, one row per host. */
public interface StrikeBook {
    /** The host's strikes, locked until the transaction ends, so that verdicts on one host follow each other. */
    Strikes lock(HostId host);

    void save(HostId host, Strikes strikes);

    Optional<Strikes> find(HostId host);
}
