package io.p2phost.dbproxy.sessions.jdbc;

import static io.p2phost.dbproxy.sessions.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.sessions.Dump;
import io.p2phost.dbproxy.sessions.JournalEntry;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionStore.Batch;
import io.p2phost.dbproxy.sessions.SessionStore.Forgotten;
import io.p2phost.dbproxy.sessions.SessionStoreContract;
import io.p2phost.dbproxy.sessions.SessionsTakenOverException;
import io.p2phost.testkit.TestInfra;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
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

    private final MeterRegistry meters = new SimpleMeterRegistry();

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
        return new JdbcSessionStore(jdbc, new TransactionTemplate(new JdbcTransactionManager(database)), meters);
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

    @Test
    void whatIsSetAsideIsKeptAndCounted() {
        JdbcSessionStore store = (JdbcSessionStore) instance();
        store.takeOver();
        long before = store.summary(1).aside();
        store.write(new Batch(List.of(), List.of(), List.of(entry(4, 9), entry(5, 8)), Map.of(), Map.of(9, 4L)));
        assertThat(store.summary(1).aside()).isEqualTo(before + 1);
        assertThat(store.summary(1).entries()).isEqualTo(1);
        store.write(new Batch(List.of(), List.of(), List.of(), Map.of(8, 5L), Map.of(8, 5L)));
        assertThat(store.summary(1).aside()).as("though it was applied by then").isEqualTo(before + 2);
    }

    @Test
    void whatADumpSaysOfPlayersIsSetAsideWhenItWasRestored() throws Exception {
        SessionStore store = instance();
        store.takeOver();
        setAside();
        jdbc.update("insert into map_owner (map, epoch, changed_at) values ('prt_fild08', 7, now())"
                + " on conflict (map) do update set epoch = 7");
        store.write(new Batch(List.of(), List.of(row(1, 1)), List.of(entry(4, 9), entry(5, 8)), Map.of()));
        Dump lastNight;
        try (Connection connection = database.getConnection()) {
            lastNight = Dump.of(connection);
        }
        store.write(new Batch(List.of(), List.of(row(2, 1)), List.of(), Map.of(9, 5L, 8, 5L)));

        try (Connection connection = database.getConnection()) {
            lastNight.restore(connection);
        }
        SessionStore.TakenOver before = instance().takeOver();

        assertThat(before.sessions()).isEmpty();
        assertThat(before.journal()).isEmpty();
        assertThat(setAside()).containsExactly(4L, 5L);
        assertThat(jdbc.queryForObject("select epoch from map_owner where map = 'prt_fild08'", Long.class))
                .isEqualTo(1_000_007);
        assertThat(noticed()).isEqualTo(1);
        assertThat(instance().takeOver().sessions()).isEmpty();
        assertThat(noticed()).as("once").isEqualTo(1);
    }

    /** A copy of the files keeps the writing transaction; who wrote on until then knows how far it was. */
    @Test
    void databaseThatGoesBackUnderARunningInstanceIsNoticed() {
        List<Integer> players = accountsAfterGoingBackBy("1 day");
        assertThat(setAside()).containsExactly(4L);
        assertThat(players).containsExactly(2);
        assertThat(noticed()).isEqualTo(1);
    }

    @Test
    void standbyThatLacksTheLastCommitsKeepsItsPlayers() {
        List<Integer> players = accountsAfterGoingBackBy("20 s");
        assertThat(setAside()).containsExactly(4L);
        assertThat(players).containsExactly(1, 2);
        assertThat(noticed()).isEqualTo(1);
    }

    /** Accounts that are stored once 1 was written before, and 2 after the database went back. */
    private List<Integer> accountsAfterGoingBackBy(String time) {
        SessionStore store = instance();
        store.takeOver();
        setAside();
        store.write(new Batch(List.of(), List.of(row(1, 1)), List.of(entry(4, 9)), Map.of()));
        store.write(new Batch(List.of(), List.of(), List.of(entry(5, 9)), Map.of()));
        assertThat(noticed()).isZero();
        jdbc.update("update session_keeper set batch = 1, written_at = written_at - ?::interval", time);
        jdbc.update("delete from save_journal where sequence = 5");

        store.write(new Batch(List.of(), List.of(row(2, 1)), List.of(entry(6, 7)), Map.of()));

        SessionStore.TakenOver before = instance().takeOver();
        assertThat(before.journal()).extracting(JournalEntry::sequence).containsExactly(6L);
        return before.sessions().stream().map(SessionRow::account).toList();
    }

    @Test
    void databaseFromBeforeAnInstanceBeganIsACopyForTheNext() {
        SessionStore store = instance();
        store.takeOver();
        setAside();
        store.write(new Batch(List.of(), List.of(row(1, 1)), List.of(entry(4, 9)), Map.of()));
        jdbc.update("update session_keeper set term = term - 1");
        assertThatThrownBy(() -> store.write(new Batch(List.of(), List.of(row(2, 1)))))
                .isInstanceOf(SessionsTakenOverException.class);
        SessionStore.TakenOver before = instance().takeOver();
        assertThat(before.sessions()).isEmpty();
        assertThat(before.journal()).isEmpty();
        assertThat(setAside()).containsExactly(4L);
    }

    /** What the runbook says after a copy of the files was restored. */
    @Test
    void operatorMaySayThatTheDatabaseIsACopy() {
        SessionStore store = instance();
        store.takeOver();
        setAside();
        store.write(new Batch(List.of(), List.of(row(1, 1)), List.of(entry(4, 9)), Map.of()));
        jdbc.update("update session_keeper set written_in = '0'");
        assertThat(instance().takeOver().journal()).isEmpty();
        assertThat(setAside()).containsExactly(4L);
    }

    /** Also what a vacuum leaves of a row was written by whom it says. */
    @Test
    void vacuumedDatabaseIsNoCopy() {
        SessionStore store = instance();
        store.takeOver();
        store.write(new Batch(List.of(), List.of(row(1, 1)), List.of(entry(4, 9)), Map.of()));
        jdbc.execute("vacuum (freeze) session_keeper");
        jdbc.execute("vacuum (full) session_keeper");
        assertThat(instance().takeOver().journal()).hasSize(1);
        assertThat(noticed()).isZero();
    }

    /** What is aside, and is not any more. */
    private static List<Long> setAside() {
        return jdbc.queryForList(
                "with rows as (delete from save_journal_aside returning sequence)"
                        + " select sequence from rows order by sequence",
                Long.class);
    }

    private double noticed() {
        return meters.counter("p2p_dbproxy_database_restored_total").count();
    }

    private static JournalEntry entry(long sequence, int character) {
        return new JournalEntry(sequence, new SavedGroup(character + 1, character, new byte[] {(byte) sequence}));
    }
}
