package io.p2phost.metrics.audit;

import java.time.Instant;
import java.util.Map;

/** One entry, as events bring it; {@code id} orders them. */
public record AuditEntry(
        long id,
        Instant occurredAt,
        String actor,
        String action,
        String subject,
        String outcome,
        Map<String, String> detail) {}
