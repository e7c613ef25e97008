package io.p2phost.registry;

import io.p2phost.registry.audit.AuditTrail;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Remembers what was recorded. */
public final class RecordedAudit implements AuditTrail {
    public final List<String> entries = new ArrayList<>();

    @Override
    public void record(String actor, String action, String subject, Map<String, String> detail) {
        entries.add(actor + " " + action + " " + subject + " " + new java.util.TreeMap<>(detail));
    }
}
