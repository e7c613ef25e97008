package io.p2phost.registry.enrolment.jpa;

import io.p2phost.contracts.HostId;
import io.p2phost.registry.enrolment.CodeHash;
import io.p2phost.registry.enrolment.EnrolmentCode;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** Fields are set by {@link #of} or by Hibernate. */
@NullUnmarked
@Entity
@Table(name = "enrolment_codes")
class EnrolmentCodeEntity {
    @Id
    @Column(name = "enrolment_id")
    private UUID id;

    private byte[] codeHash;
    private long accountId;
    private String label;
    private String createdBy;
    private Instant createdAt;
    private Instant expiresAt;
    private Instant usedAt;
    private UUID hostId;

    static EnrolmentCodeEntity of(EnrolmentCode code) {
        EnrolmentCodeEntity entity = new EnrolmentCodeEntity();
        entity.id = code.id();
        entity.codeHash = code.hash().bytes();
        entity.accountId = code.accountId();
        entity.label = code.label();
        entity.createdBy = code.createdBy();
        entity.createdAt = code.createdAt();
        entity.expiresAt = code.expiresAt();
        entity.usedAt = code.usedAt();
        entity.hostId =
                code.hostId() == null ? null : UUID.fromString(code.hostId().value());
        return entity;
    }

    EnrolmentCode toCode() {
        return new EnrolmentCode(
                id,
                CodeHash.of(codeHash),
                accountId,
                label,
                createdBy,
                createdAt,
                expiresAt,
                usedAt,
                hostId == null ? null : HostId.of(hostId.toString()));
    }
}
