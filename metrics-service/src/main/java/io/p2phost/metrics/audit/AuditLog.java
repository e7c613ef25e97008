package io.p2phost.metrics.audit;

import io.p2phost.contracts.event.AuditRecorded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The append-only log of who did what. */
public interface AuditLog {
    /** Appends an entry; the same event again is a no-op. */
    void append(String eventId, Instant occurredAt, AuditRecorded entry);

    /** Newest entries first. */
    List<AuditEntry> find(Query query);

    /**
     * What to look for; null means any.
     *
     * @param beforeId only entries older than this one
     */
    record Query(
            @Nullable String actor,
            @Nullable String action,
            @Nullable String subject,
            @Nullable Long beforeId,
            int limit) {}
}
