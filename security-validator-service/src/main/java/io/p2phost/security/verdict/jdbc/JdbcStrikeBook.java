package io.p2phost.security.verdict.jdbc;

import io.p2phost.contracts.HostId;
import io.p2phost.security.verdict.StrikeBook;
import io.p2phost.security.verdict.Strikes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcStrikeBook implements StrikeBook {
    private static final String COLUMNS =
            "strikes, blacklisted, held_by_registry, host_version, version, last_failure, last_success";

    private final JdbcClient jdbc;

    JdbcStrikeBook(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Strikes lock(HostId host) {
        jdbc.sql("insert into host_strikes (host_id) values (?) on conflict do nothing")
                .param(host.value())
                .update();
        return jdbc.sql("select " + COLUMNS + " from host_strikes where host_id = ? for update")
                .param(host.value())
                .query(JdbcStrikeBook::strikes)
                .single();
    }

    @Override
    public void save(HostId host, Strikes strikes) {
        int rows = jdbc.sql("update host_strikes set strikes = :strikes, blacklisted = :blacklisted,"
                        + " held_by_registry = :held, host_version = :hostVersion, version = :version,"
                        + " last_failure = :failure, last_success = :success"
                        + " where host_id = :hostId and version < :version")
                .param("strikes", strikes.count())
                .param("blacklisted", strikes.blacklisted())
                .param("held", strikes.heldByRegistry())
                .param("hostVersion", strikes.hostVersion())
                .param("version", strikes.version())
                .param("failure", timestamp(strikes.lastFailure()), Types.TIMESTAMP)
                .param("success", timestamp(strikes.lastSuccess()), Types.TIMESTAMP)
                .param("hostId", host.value())
                .update();
        if (rows != 1) {
            throw new IllegalStateException("strikes of " + host + " changed although their row was locked");
        }
    }

    @Override
    public Optional<Strikes> find(HostId host) {
        return jdbc.sql("select " + COLUMNS + " from host_strikes where host_id = ?")
                .param(host.value())
                .query(JdbcStrikeBook::strikes)
                .optional();
    }

    private static Strikes strikes(ResultSet row, int number) throws SQLException {
        return new Strikes(
                row.getInt("strikes"),
                row.getBoolean("blacklisted"),
                row.getBoolean("held_by_registry"),
                row.getLong("host_version"),
                row.getLong("version"),
                instant(row.getTimestamp("last_failure")),
                instant(row.getTimestamp("last_success")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : Timestamp.from(time);
    }
}
