package io.p2phost.registry.host.jpa;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.registry.crypto.HostKey;
import io.p2phost.registry.host.Host;
import io.p2phost.registry.host.HostQuery;
import io.p2phost.registry.host.Hosts;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class JpaHosts implements Hosts {
    private static final int ACCOUNT_LOCKS = 0x7032_7061;
    private static final int KEY_LOCKS = 0x7032_706b;

    private final EntityManager entities;
    private final JdbcClient jdbc;

    JpaHosts(EntityManager entities, JdbcClient jdbc) {
        this.entities = entities;
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Host> byId(HostId id) {
        return Optional.ofNullable(entities.find(HostEntity.class, uuid(id))).map(HostEntity::toHost);
    }

    @Override
    public Optional<Host> lock(HostId id) {
        HostEntity found = entities.find(HostEntity.class, uuid(id));
        if (found == null) {
            return Optional.empty();
        }
        // The row may have changed between reading and locking it.
        entities.refresh(found, LockModeType.PESSIMISTIC_WRITE);
        return Optional.of(found.toHost());
    }

    @Override
    public List<Host> lockAll(Collection<HostId> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        // Always in one order, so that two instances with overlapping sets wait instead of deadlocking.
        return entities.createQuery("from HostEntity h where h.hostId in :ids order by h.hostId", HostEntity.class)
                .setParameter("ids", ids.stream().map(JpaHosts::uuid).toList())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .map(HostEntity::toHost)
                .toList();
    }

    @Override
    public void add(Host host) {
        entities.persist(HostEntity.of(host));
        entities.flush();
    }

    @Override
    public void save(Host host) {
        HostEntity stored = entities.find(HostEntity.class, uuid(host.id()));
        if (stored == null) {
            throw new IllegalStateException("host: " + host.id() + " is not stored (expected: added before)");
        }
        stored.take(host);
    }

    @Override
    public void remove(HostId id) {
        HostEntity stored = entities.find(HostEntity.class, uuid(id));
        if (stored != null) {
            entities.remove(stored);
        }
    }

    @Override
    public List<Host> find(HostQuery query) {
        StringBuilder jpql = new StringBuilder("from HostEntity h where true = true");
        Map<String, Object> parameters = new LinkedHashMap<>();
        restrict(jpql, parameters, "state", "h.state = :state", query.state());
        restrict(jpql, parameters, "tier", "h.tier = :tier", query.tier());
        restrict(jpql, parameters, "region", "h.region = :region", query.region());
        restrict(jpql, parameters, "after", "h.hostId > :after", query.after() == null ? null : uuid(query.after()));
        TypedQuery<HostEntity> wanted =
                entities.createQuery(jpql.append(" order by h.hostId").toString(), HostEntity.class);
        parameters.forEach(wanted::setParameter);
        return wanted.setMaxResults(query.limit())
                .getResultStream()
                .map(HostEntity::toHost)
                .toList();
    }

    private static void restrict(
            StringBuilder jpql,
            Map<String, Object> parameters,
            String name,
            String condition,
            @org.jspecify.annotations.Nullable Object value) {
        if (value != null) {
            jpql.append(" and ").append(condition);
            parameters.put(name, value);
        }
    }

    @Override
    public List<Host> inSession(HostId after, int limit) {
        return entities.createQuery(
                        "from HostEntity h where h.sessionStartedAt is not null and h.hostId > :after"
                                + " order by h.hostId",
                        HostEntity.class)
                .setParameter("after", uuid(after))
                .setMaxResults(limit)
                .getResultStream()
                .map(HostEntity::toHost)
                .toList();
    }

    @Override
    public void lockAccount(long accountId) {
        lock(ACCOUNT_LOCKS, Long.hashCode(accountId));
    }

    @Override
    public void lockKey(HostKey key) {
        lock(KEY_LOCKS, key.hashCode());
    }

    private void lock(int kind, int which) {
        jdbc.sql("select pg_advisory_xact_lock(?, ?)")
                .params(kind, which)
                .query((row, n) -> "")
                .single();
    }

    @Override
    public int countOfAccount(long accountId) {
        return Math.toIntExact(
                entities.createQuery("select count(h) from HostEntity h where h.accountId = :account", Long.class)
                        .setParameter("account", accountId)
                        .getSingleResult());
    }

    @Override
    public boolean existsWithKey(HostKey key) {
        return entities.createQuery("select count(h) from HostEntity h where h.publicKey = :key", Long.class)
                        .setParameter("key", key.raw())
                        .getSingleResult()
                > 0;
    }

    @Override
    public Map<HostLifeState, Long> countByState() {
        Map<HostLifeState, Long> counts = new EnumMap<>(HostLifeState.class);
        entities.createQuery("select h.state, count(h) from HostEntity h group by h.state", Object[].class)
                .getResultStream()
                .forEach(row -> counts.put((HostLifeState) row[0], (Long) row[1]));
        return counts;
    }

    private static UUID uuid(HostId id) {
        return UUID.fromString(id.value());
    }
}
