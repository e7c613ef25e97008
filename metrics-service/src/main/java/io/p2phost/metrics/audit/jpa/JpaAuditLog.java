package io.p2phost.metrics.audit.jpa;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.event.AuditRecorded;
import io.p2phost.metrics.audit.AuditEntry;
import io.p2phost.metrics.audit.AuditLog;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;

@Repository
class JpaAuditLog implements AuditLog {
    private final AuditRows rows;

    JpaAuditLog(AuditRows rows) {
        this.rows = rows;
    }

    @Override
    @Transactional
    public void append(String eventId, Instant occurredAt, AuditRecorded entry) {
        if (rows.existsByEventId(eventId)) {
            return;
        }
        AuditEntity row = new AuditEntity();
        row.eventId = eventId;
        row.occurredAt = occurredAt;
        row.actor = entry.actor();
        row.action = entry.action();
        row.subject = entry.subject();
        row.outcome = entry.outcome();
        row.detail = Json.mapper().writeValueAsString(entry.detail());
        rows.save(row);
    }

    @Override
    @Transactional(readOnly = true)
    public List<AuditEntry> find(Query query) {
        return rows
                .find(query.actor(), query.action(), query.subject(), query.beforeId(), Limit.of(query.limit()))
                .stream()
                .map(row -> new AuditEntry(
                        Objects.requireNonNull(row.id),
                        row.occurredAt,
                        row.actor,
                        row.action,
                        row.subject,
                        row.outcome,
                        Json.mapper().readValue(row.detail, new TypeReference<>() {})))
                .toList();
    }
}
