package io.p2phost.assignment.config.jpa;

import io.p2phost.assignment.config.ConfigVersion;
import io.p2phost.assignment.config.ConfigVersions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JpaConfigVersions implements ConfigVersions {
    /** Any number that no other advisory lock of this schema's service uses. */
    private static final int LOCK = 1_001;

    private final ConfigVersionRows rows;
    private final JdbcClient jdbc;
    private final Clock clock;

    JpaConfigVersions(ConfigVersionRows rows, JdbcClient jdbc, Clock clock) {
        this.rows = rows;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public void lock() {
        jdbc.sql("select pg_advisory_xact_lock(?)")
                .param(LOCK)
                .query((rs, n) -> 0)
                .list();
    }

    @Override
    public long revision() {
        return rows.revision();
    }

    @Override
    public List<ConfigVersion> newest() {
        return rows.newest().stream().map(ConfigVersionRow::toVersion).toList();
    }

    @Override
    public Optional<ConfigVersion> find(String file, int version) {
        return rows.findByFileAndVersion(file, version).map(ConfigVersionRow::toVersion);
    }

    @Override
    public ConfigVersion append(String file, int version, String text, String author) {
        return rows.saveAndFlush(new ConfigVersionRow(file, version, text, author, clock.instant()))
                .toVersion();
    }
}
