package io.p2phost.security.verdict.jpa;

import io.p2phost.contracts.event.VerdictReached.Outcome;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code validations}; evidence and findings are JSON texts. */
@Entity
@Table(name = "validations")
@SuppressWarnings("NullAway.Init")
class ValidationRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long number;

    @Column(name = "validation_id", updatable = false)
    String validationId;

    @Column(name = "observation_id", updatable = false)
    String observationId;

    @Column(name = "host_id", updatable = false)
    String hostId;

    @Column(name = "map", updatable = false)
    String map;

    @Column(name = "evidence", updatable = false)
    String evidence;

    @Enumerated(EnumType.STRING)
    @Column(name = "outcome", updatable = false)
    Outcome outcome;

    @Column(name = "findings", updatable = false)
    String findings;

    @Column(name = "reference_version", updatable = false)
    String referenceVersion;

    @Column(name = "strikes", updatable = false)
    int strikes;

    @Column(name = "blacklist", updatable = false)
    boolean blacklist;

    @Column(name = "judged_at", updatable = false)
    Instant judgedAt;

    @Enumerated(EnumType.STRING)
    @Column(name = "review_outcome")
    @Nullable
    Outcome reviewOutcome;

    @Column(name = "review_reference")
    @Nullable
    String reviewReference;

    @Column(name = "reviewed_at")
    @Nullable
    Instant reviewedAt;

    protected ValidationRow() {}
}
