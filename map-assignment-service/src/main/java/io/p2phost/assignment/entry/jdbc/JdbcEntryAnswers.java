package io.p2phost.assignment.entry.jdbc;

import io.p2phost.assignment.entry.EntryAnswer;
import io.p2phost.assignment.entry.EntryAnswers;
import io.p2phost.assignment.entry.EntryRequest;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

@Repository
class JdbcEntryAnswers implements EntryAnswers {
    private final JdbcClient jdbc;
    private final JsonMapper json;

    JdbcEntryAnswers(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    public Optional<Kept> find(UUID requestId) {
        return jdbc.sql("select account_id, answer from map_entries where request_id = ?")
                .param(requestId)
                .query((rs, n) ->
                        new Kept(rs.getLong("account_id"), json.readValue(rs.getString("answer"), EntryAnswer.class)))
                .optional();
    }

    @Override
    public Kept keep(EntryRequest request, EntryAnswer answer, Instant now) {
        int kept = jdbc.sql("insert into map_entries (request_id, map, account_id, answer, created_at)"
                        + " values (?, ?, ?, ?, ?) on conflict do nothing")
                .params(
                        request.requestId(),
                        request.map().value(),
                        request.accountId(),
                        json.writeValueAsString(answer),
                        Timestamp.from(now))
                .update();
        Kept ours = new Kept(request.accountId(), answer);
        return kept == 1 ? ours : find(request.requestId()).orElse(ours);
    }

    @Override
    public int forget(Instant before, int limit) {
        return jdbc.sql("delete from map_entries where request_id in"
                        + " (select request_id from map_entries where created_at < ? limit ?)")
                .params(Timestamp.from(before), limit)
                .update();
    }
}
