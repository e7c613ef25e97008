package io.p2phost.dbproxy.quarantine.jdbc;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.quarantine.Find;
import io.p2phost.dbproxy.quarantine.Finds;
import io.p2phost.kit.outbox.Audit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcFinds implements Finds {
    private static final String LIST = "select * from found_item where state = :state"
            + " and (cast(:account as integer) is null or account_id = :account) order by found_at, id limit :most";
    private static final String WAITING_SINCE =
            "select * from found_item where state = 'WAITING' and found_at < :before"
                    + " and (cast(:at as timestamptz) is null or (found_at, id) > (:at, :id)) order by found_at, id limit :most";
    private static final String DECIDE = "update found_item set state = :state, decided_at = :at, decided_by = :by,"
            + " reason = :reason where id = :id and state <> 'CONFIRMED' returning *";

    private final JdbcClient jdbc;
    private final Audit audit;
    private final Clock clock;

    JdbcFinds(JdbcClient jdbc, Audit audit, Clock clock) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public List<Find> list(Find.State state, @Nullable Integer accountId, int most) {
        return jdbc.sql(LIST)
                .param("state", state.name())
                .param("account", accountId)
                .param("most", most)
                .query(JdbcFinds::find)
                .list();
    }

    @Override
    public List<Find> waitingSince(Instant before, @Nullable Find behind, int most) {
        return jdbc.sql(WAITING_SINCE)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("at", behind == null ? null : behind.foundAt().atOffset(ZoneOffset.UTC))
                .param("id", behind == null ? null : behind.id())
                .param("most", most)
                .query(JdbcFinds::find)
                .list();
    }

    @Override
    public long waiting() {
        return jdbc.sql("select count(*) from found_item where state = 'WAITING'")
                .query(Long.class)
                .single();
    }

    @Override
    @Transactional
    public Optional<Find> decide(UUID id, Find.State state, String by, @Nullable String reason) {
        Optional<Find> decided = jdbc.sql(DECIDE)
                .param("state", state.name())
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .param("by", by)
                .param("reason", reason)
                .param("id", id)
                .query(JdbcFinds::find)
                .optional();
        decided.ifPresent(find -> audit.record(
                by,
                "quarantine." + state.name().toLowerCase(Locale.ROOT),
                "account:" + find.accountId(),
                "done",
                detail(find)));
        return decided;
    }

    private static Map<String, String> detail(Find find) {
        Map<String, String> detail = new HashMap<>();
        detail.put("item", String.valueOf(find.itemId()));
        detail.put("amount", String.valueOf(find.amount()));
        detail.put("host", find.hostId().value());
        detail.put("map", find.map().value());
        String reason = find.reason();
        if (reason != null) {
            detail.put("reason", reason);
        }
        return detail;
    }

    @Override
    public int forget(Instant before) {
        return jdbc.sql("delete from found_item where state = 'CONFIRMED' and decided_at < :before")
                .param("before", before.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static Find find(ResultSet row, int number) throws SQLException {
        OffsetDateTime decided = row.getObject("decided_at", OffsetDateTime.class);
        return new Find(
                row.getObject("id", UUID.class),
                row.getInt("account_id"),
                row.getInt("character_id"),
                row.getInt("item_id"),
                row.getInt("amount"),
                new HostId(row.getString("host_id")),
                new MapName(row.getString("map")),
                row.getObject("found_at", OffsetDateTime.class).toInstant(),
                Find.State.valueOf(row.getString("state")),
                decided == null ? null : decided.toInstant(),
                row.getString("decided_by"),
                row.getString("reason"));
    }
}
