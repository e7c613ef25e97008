package io.p2phost.registry.enrolment.jpa;

import io.p2phost.contracts.HostId;
import io.p2phost.registry.enrolment.CodeHash;
import io.p2phost.registry.enrolment.EnrolmentCode;
import io.p2phost.registry.enrolment.EnrolmentCodes;
import jakarta.persistence.EntityManager;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class JpaEnrolmentCodes implements EnrolmentCodes {
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final EntityManager entities;
    private final JdbcClient jdbc;

    JpaEnrolmentCodes(EntityManager entities, JdbcClient jdbc) {
        this.entities = entities;
        this.jdbc = jdbc;
    }

    @Override
    public void add(EnrolmentCode code) {
        entities.persist(EnrolmentCodeEntity.of(code));
    }

    @Override
    public Optional<EnrolmentCode> byHash(CodeHash hash) {
        return entities.createQuery("from EnrolmentCodeEntity c where c.codeHash = :hash", EnrolmentCodeEntity.class)
                .setParameter("hash", hash.bytes())
                .getResultStream()
                .findFirst()
                .map(EnrolmentCodeEntity::toCode);
    }

    @Override
    public boolean use(UUID id, HostId host, Instant now) {
        return jdbc.sql("update enrolment_codes set used_at = :now, host_id = :host"
                                + " where enrolment_id = :id and used_at is null and expires_at > :now")
                        .param("now", Timestamp.from(now))
                        .param("host", UUID.fromString(host.value()))
                        .param("id", id)
                        .update()
                == 1;
    }

    @Override
    public List<EnrolmentCode> list(@Nullable UUID afterId, int limit) {
        return entities.createQuery(
                        "from EnrolmentCodeEntity c where c.id > :after order by c.id", EnrolmentCodeEntity.class)
                .setParameter("after", afterId == null ? BEFORE_ALL : afterId)
                .setMaxResults(limit)
                .getResultStream()
                .map(EnrolmentCodeEntity::toCode)
                .toList();
    }

    @Override
    public long countOpen(Instant now) {
        return entities.createQuery(
                        "select count(c) from EnrolmentCodeEntity c where c.usedAt is null and c.expiresAt > :now",
                        Long.class)
                .setParameter("now", now)
                .getSingleResult();
    }

    @Override
    public long countOpen(long accountId, Instant now) {
        return entities.createQuery(
                        "select count(c) from EnrolmentCodeEntity c where c.accountId = :account"
                                + " and c.usedAt is null and c.expiresAt > :now",
                        Long.class)
                .setParameter("account", accountId)
                .setParameter("now", now)
                .getSingleResult();
    }

    @Override
    public int forgetExpiredBefore(Instant time) {
        return jdbc.sql("delete from enrolment_codes where used_at is null and expires_at < ?")
                .params(Timestamp.from(time))
                .update();
    }
}
