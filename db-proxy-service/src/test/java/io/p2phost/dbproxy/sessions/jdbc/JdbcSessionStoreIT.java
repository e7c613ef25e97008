package io.p2phost.dbproxy.sessions.jdbc;

import static io.p2phost.dbproxy.sessions.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionStore.Batch;
import io.p2phost.dbproxy.sessions.SessionStore.Forgotten;
import io.p2phost.dbproxy.sessions.SessionStoreContract;
import io.p2phost.dbproxy.sessions.SessionsTakenOverException;
import io.p2phost.testkit.TestInfra;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The store's contract on a real database, as the service's own role. */
class JdbcSessionStoreIT extends SessionStoreContract {
    private static HikariDataSource database;
    private static JdbcTemplate jdbc;

    @BeforeAll
    static void migrate() {
        String schema = ServiceName.DB_PROXY.schema();
        TestInfra.Database made = TestInfra.shared().newDatabase(ServiceName.DB_PROXY);
        database = new HikariDataSource();
        database.setJdbcUrl(made.url());
        database.setUsername(made.user());
        database.setPassword(made.password());
        database.setSchema(schema);
        Flyway.configure()
                .dataSource(database)
                .schemas(schema)
                .createSchemas(false)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        jdbc = new JdbcTemplate(database);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    protected SessionStore instance() {
        return new JdbcSessionStore(jdbc, new TransactionTemplate(new JdbcTransactionManager(database)));
    }

    @Test
    void batchIsWrittenWholeOrNotAtAll() {
        SessionStore store = instance();
        store.takeOver();
        store.write(new Batch(List.of(), List.of(row(1, 1))));
        SessionRow tooMuch = row(3, 1);
        jdbc.execute("alter table player_session add constraint refused check (account_id <> 3)");
        try {
            assertThatThrownBy(() -> store.write(
                            new Batch(List.of(new Forgotten(1, 1)), List.of(row(2, 1), tooMuch, row(4, 1)))))
                    .hasMessageContaining("refused");
        } finally {
            jdbc.execute("alter table player_session drop constraint refused");
        }
        assertStored(List.of(row(1, 1)));
    }

    /** A commit whose connection was given up, and which arrives behind the next one. */
    @Test
    void lateCommitChangesNothing() {
        SessionStore store = instance();
        store.takeOver();
        jdbc.update("update session_keeper set batch = 1");
        assertThatThrownBy(() -> store.write(new Batch(List.of(), List.of(row(1, 1)))))
                .isInstanceOf(SessionsTakenOverException.class);
        store.write(new Batch(List.of(), List.of(row(1, 2))));
        assertStored(List.of(row(1, 2)));
    }

    @Test
    void recordIsKeptSmall() {
        SessionStore store = instance();
        store.takeOver();
        store.write(new Batch(List.of(), List.of(row(1, 1))));
        assertThat(jdbc.queryForObject("select length(record) from player_session", Integer.class))
                .isLessThan(row(1, 1).record().length / 4);
    }
}
