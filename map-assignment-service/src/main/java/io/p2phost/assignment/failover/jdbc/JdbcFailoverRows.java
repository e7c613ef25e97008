package io.p2phost.assignment.failover.jdbc;

import io.p2phost.assignment.failover.Failover;
import io.p2phost.assignment.failover.FailoverRows;
import io.p2phost.assignment.failover.LossReport;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class JdbcFailoverRows implements FailoverRows {
    private static final int MOST_CLOSED_MEANWHILE = 100;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    JdbcFailoverRows(JdbcClient jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public Failover open(LossReport report, Map<MapName, Epoch> maps, Instant now) {
        return Objects.requireNonNull(transactions.execute(status -> {
            // The one that is open may be closed between the two statements.
            UUID id = Stream.generate(() -> openOrJoin(report, now))
                    .limit(MOST_CLOSED_MEANWHILE)
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElseThrow();
            // A step that was done for an earlier epoch opens again when the host has had the map once more.
            maps.forEach((map, epoch) -> jdbc.sql("insert into failover_steps (failover_id, map, from_epoch)"
                            + " values (:id, :map, :epoch) on conflict (failover_id, map) do update set"
                            + " from_epoch = :epoch, epoch = null, done_at = null"
                            + " where failover_steps.from_epoch < :epoch")
                    .param("id", id)
                    .param("map", map.value())
                    .param("epoch", epoch.value())
                    .update());
            return find(id);
        }));
    }

    private Optional<UUID> openOrJoin(LossReport report, Instant now) {
        jdbc.sql("insert into failovers (failover_id, host_id, cause, reporter, observed_at, started_at)"
                        + " values (?, ?, ?, ?, ?, ?) on conflict (host_id) where finished_at is null do nothing")
                .params(
                        UUID.randomUUID(),
                        report.hostId().value(),
                        report.cause().name(),
                        report.reporter(),
                        Timestamp.from(report.observedAt()),
                        Timestamp.from(now))
                .update();
        return jdbc.sql("select failover_id from failovers where host_id = ? and finished_at is null for update")
                .param(report.hostId().value())
                .query(UUID.class)
                .optional();
    }

    @Override
    public Failover decide(UUID failover, Failover.Decision decision, @Nullable Instant notBefore, Instant now) {
        return Objects.requireNonNull(transactions.execute(status -> {
            jdbc.sql("select 1 from failovers where failover_id = ? for update")
                    .param(failover)
                    .query(Integer.class)
                    .list();
            Failover known = find(failover);
            Failover.Decision before = known.decision();
            if (before == null || before.compareTo(decision) < 0 || endsTheHold(before, decision)) {
                jdbc.sql("update failovers set decision = :decision, not_before = :until,"
                                + " finished_at = case when :ends then :now else finished_at end"
                                + " where failover_id = :id and finished_at is null")
                        .param("decision", decision.name())
                        .param("until", notBefore == null ? null : Timestamp.from(notBefore))
                        .param("ends", decision == Failover.Decision.STAY)
                        .param("now", Timestamp.from(now))
                        .param("id", failover)
                        .update();
            }
            return find(failover);
        }));
    }

    private static boolean endsTheHold(Failover.Decision before, Failover.Decision decision) {
        return before == Failover.Decision.HOLD && decision == Failover.Decision.STAY;
    }

    @Override
    public void done(UUID failover, MapName map, Epoch epoch, @Nullable Owner owner, Instant now) {
        jdbc.sql("update failover_steps set epoch = :epoch, owner_kind = :kind, owner_id = :id,"
                        + " owner_address = :address, attempts = attempts + 1, done_at = :now"
                        + " where failover_id = :failover and map = :map")
                .param("epoch", epoch.value())
                .param("kind", owner == null ? null : owner.kind().name())
                .param("id", owner == null ? null : owner.id())
                .param("address", owner == null ? null : owner.address())
                .param("now", Timestamp.from(now))
                .param("failover", failover)
                .param("map", map.value())
                .update();
    }

    @Override
    public void tried(UUID failover, MapName map) {
        jdbc.sql("update failover_steps set attempts = attempts + 1 where failover_id = ? and map = ?")
                .params(failover, map.value())
                .update();
    }

    @Override
    public Failover close(UUID failover, Instant now) {
        return Objects.requireNonNull(transactions.execute(status -> {
            // Against a report that adds steps at this moment.
            jdbc.sql("select 1 from failovers where failover_id = ? for update")
                    .param(failover)
                    .query(Integer.class)
                    .list();
            jdbc.sql("update failovers set finished_at = :now where failover_id = :id and finished_at is null"
                            + " and not exists (select 1 from failover_steps"
                            + " where failover_id = :id and done_at is null)")
                    .param("now", Timestamp.from(now))
                    .param("id", failover)
                    .update();
            return find(failover);
        }));
    }

    @Override
    public List<Failover> open(Instant startedBefore, Instant now, int limit) {
        return jdbc
                .sql("select failover_id from failovers where finished_at is null and started_at < ?"
                        + " and (not_before is null or not_before <= ?) order by started_at limit ?")
                .params(Timestamp.from(startedBefore), Timestamp.from(now), limit)
                .query(UUID.class)
                .list()
                .stream()
                .map(this::find)
                .toList();
    }

    @Override
    public Map<HostId, Instant> lostSince(Instant since) {
        Map<HostId, Instant> lost = new LinkedHashMap<>();
        jdbc.sql("select host_id, max(started_at) as at from failovers where started_at > ? and cause <> ?"
                        + " and decision is distinct from ? group by host_id")
                .params(Timestamp.from(since), LossReport.Cause.HOST_STATE.name(), Failover.Decision.STAY.name())
                .query((rs, n) -> lost.put(
                        HostId.of(rs.getString("host_id")),
                        rs.getTimestamp("at").toInstant()))
                .list();
        return lost;
    }

    @Override
    public int forget(Instant before, int limit) {
        return jdbc.sql("delete from failovers where failover_id in (select failover_id from failovers"
                        + " where finished_at < ? limit ?)")
                .params(Timestamp.from(before), limit)
                .update();
    }

    private Failover find(UUID id) {
        List<Failover.Step> steps = jdbc.sql("select map, from_epoch, epoch, owner_kind, owner_id, owner_address,"
                        + " done_at from failover_steps where failover_id = ? order by map")
                .param(id)
                .query((rs, n) -> step(rs))
                .list();
        return jdbc.sql("select failover_id, host_id, cause, reporter, started_at, decision, not_before"
                        + " from failovers where failover_id = ?")
                .param(id)
                .query((rs, n) -> new Failover(
                        rs.getObject("failover_id", UUID.class),
                        HostId.of(rs.getString("host_id")),
                        LossReport.Cause.valueOf(rs.getString("cause")),
                        rs.getString("reporter"),
                        rs.getTimestamp("started_at").toInstant(),
                        decision(rs.getString("decision")),
                        instant(rs.getTimestamp("not_before")),
                        steps))
                .single();
    }

    private static Failover.@Nullable Decision decision(@Nullable String text) {
        return text == null ? null : Failover.Decision.valueOf(text);
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    private static Failover.Step step(ResultSet rs) throws SQLException {
        boolean done = rs.getTimestamp("done_at") != null;
        String kind = rs.getString("owner_kind");
        Owner owner = kind == null
                ? null
                : new Owner(Owner.Kind.valueOf(kind), rs.getString("owner_id"), rs.getString("owner_address"));
        return new Failover.Step(
                new MapName(rs.getString("map")),
                Epoch.of(rs.getLong("from_epoch")),
                done ? Epoch.of(rs.getLong("epoch")) : null,
                owner);
    }
}
