package io.p2phost.metrics.audit.jpa;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface AuditRows extends JpaRepository<AuditEntity, Long> {
    boolean existsByEventId(String eventId);

    @Query("""
            select e from AuditEntity e
            where (:actor is null or e.actor = :actor)
              and (:action is null or e.action = :action)
              and (:subject is null or e.subject = :subject)
              and (:beforeId is null or e.id < :beforeId)
            order by e.id desc""")
    List<AuditEntity> find(
            @Nullable String actor,
            @Nullable String action,
            @Nullable String subject,
            @Nullable Long beforeId,
            Limit limit);
}
