package io.p2phost.registry.enrolment;

import io.p2phost.contracts.HostId;
import io.p2phost.registry.crypto.HostKey;

/** Where an enrolled machine becomes a host; called within the transaction that uses its code up. */
public interface NewHosts {
    /** Lets one caller at a time enrol for an account, until the transaction ends. */
    void lockAccount(long accountId);

    /** Lets one caller at a time enrol with a key, until the transaction ends; to be called after {@link #lockAccount}. */
    void lockKey(HostKey key);

    /** How many hosts an account has, in whatever state. */
    int countOfAccount(long accountId);

    /** Whether the key already belongs to a host. */
    boolean isTaken(HostKey key);

    /** Creates the host. */
    void enrol(HostId id, long accountId, String label, Machine machine);

    /** What a machine says of itself when it redeems a code. */
    record Machine(HostKey key, String name, String region) {}
}
