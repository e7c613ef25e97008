package io.p2phost.assignment.entry.jdbc;

import io.p2phost.assignment.entry.EntryRequest;
import io.p2phost.assignment.entry.KeptAnswers;
import io.p2phost.contracts.MapName;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** One table of answers. */
final class JdbcKeptAnswers<A> implements KeptAnswers<A> {
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final String table;
    private final Class<A> type;

    JdbcKeptAnswers(JdbcClient jdbc, JsonMapper json, String table, Class<A> type) {
        this.jdbc = jdbc;
        this.json = json;
        this.table = table;
        this.type = type;
    }

    @Override
    public Optional<Kept<A>> find(UUID requestId) {
        return jdbc.sql("select map, account_id, answer from " + table + " where request_id = ?")
                .param(requestId)
                .query((rs, n) -> new Kept<>(
                        new MapName(rs.getString("map")),
                        rs.getLong("account_id"),
                        json.readValue(rs.getString("answer"), type)))
                .optional();
    }

    @Override
    public Kept<A> keep(EntryRequest request, A answer, Instant now) {
        int kept = jdbc.sql("insert into " + table + " (request_id, map, account_id, answer, created_at)"
                        + " values (?, ?, ?, ?, ?) on conflict do nothing")
                .params(
                        request.requestId(),
                        request.map().value(),
                        request.accountId(),
                        json.writeValueAsString(answer),
                        Timestamp.from(now))
                .update();
        Kept<A> ours = new Kept<>(request.map(), request.accountId(), answer);
        return kept == 1 ? ours : find(request.requestId()).orElse(ours);
    }

    @Override
    public int forget(Instant before, int limit) {
        return jdbc.sql("delete from " + table + " where request_id in (select request_id from " + table
                        + " where created_at < ? limit ?)")
                .params(Timestamp.from(before), limit)
                .update();
    }
}
