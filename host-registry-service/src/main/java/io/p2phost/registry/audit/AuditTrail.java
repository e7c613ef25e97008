package io.p2phost.registry.audit;

import java.util.Map;

/** Where actions are recorded that must be answerable later; joins the current transaction. */
@FunctionalInterface
public interface AuditTrail {
    /**
     * Records one action that was done.
     *
     * @param actor who, e.g. {@code key:ab12cd34} or {@code service:security-validator}
     * @param action what, e.g. {@code host.blacklist}
     * @param subject on what, e.g. {@code host:<id>}
     */
    void record(String actor, String action, String subject, Map<String, String> detail);
}
