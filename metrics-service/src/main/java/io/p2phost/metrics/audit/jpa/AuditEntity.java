package io.p2phost.metrics.audit.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of the audit log; never changed once written. */
@Entity
@Immutable
@Table(name = "audit_entries")
class AuditEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long id;

    @Column(name = "event_id")
    String eventId = "";

    @Column(name = "occurred_at")
    Instant occurredAt = Instant.EPOCH;

    String actor = "";
    String action = "";
    String subject = "";
    String outcome = "";

    /** A JSON object of texts. */
    String detail = "{}";
}
