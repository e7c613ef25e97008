package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.registry.crypto.HostKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All enrolled hosts. */
public interface Hosts {
    Optional<Host> byId(HostId id);

    /** A host that nobody else changes until the transaction ends. */
    Optional<Host> lock(HostId id);

    /** Several such hosts; unknown ones are left out. */
    List<Host> lockAll(Collection<HostId> ids);

    void add(Host host);

    /** Stores a changed host, which the caller has locked. */
    void save(Host host);

    /** Forgets a host, which the caller has locked. */
    void remove(HostId id);

    /** Hosts in the order of their ids. */
    List<Host> find(HostQuery query);

    /** Hosts in a session, in the order of their ids; all of those after the given one, at most so many. */
    List<Host> inSession(HostId after, int limit);

    /** Lets one caller at a time enrol for an account, until the transaction ends. */
    void lockAccount(long accountId);

    /** Lets one caller at a time enrol with a key, until the transaction ends. */
    void lockKey(HostKey key);

    int countOfAccount(long accountId);

    boolean existsWithKey(HostKey key);

    Map<HostLifeState, Long> countByState();
}
