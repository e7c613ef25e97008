package io.p2phost.assignment.audit;

import java.util.Map;

/** Records what somebody did, in the current transaction when there is one. */
@FunctionalInterface
public interface AuditTrail {
    /**
     * Records one entry.
     *
     * @param actor who, e.g. {@code key:<id>}
     * @param action what, e.g. {@code config.put}
     * @param subject on what, e.g. {@code config:p2p.conf}
     */
    void record(String actor, String action, String subject, String outcome, Map<String, String> detail);
}
