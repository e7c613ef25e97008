package io.p2phost.registry.host.jdbc;

import io.p2phost.contracts.Json;
import io.p2phost.registry.host.Requirements;
import io.p2phost.registry.host.RequirementsStore;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcRequirementsStore implements RequirementsStore {
    private final JdbcClient jdbc;

    JdbcRequirementsStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Requirements> load() {
        return jdbc.sql("select document from known_requirements where id = 1")
                .query((row, n) -> Json.mapper().readValue(row.getString(1), Requirements.class))
                .optional();
    }

    @Override
    public void save(Requirements requirements, Instant now) {
        jdbc.sql("insert into known_requirements (id, document, fetched_at) values (1, :document, :at)"
                        + " on conflict (id) do update set document = excluded.document,"
                        + " fetched_at = excluded.fetched_at")
                .param("document", Json.mapper().writeValueAsString(requirements))
                .param("at", Timestamp.from(now))
                .update();
    }
}
