package io.p2phost.dbproxy.sessions.jdbc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.ServerKey;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.mux.SessionState;
import io.p2phost.dbproxy.sessions.JournalEntry;
import io.p2phost.dbproxy.sessions.JournalRows;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionsTakenOverException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class JdbcSessionStore implements SessionStore, JournalRows {
    private static final int SECRET_BYTES = 32;
    private static final int AT_ONCE = 200;
    /** Of the journal, whose entries have some KB each. */
    private static final int READ_AT_ONCE = 100;

    private static final List<String> COLUMNS = List.of(
            "account_id",
            "character_id",
            "number",
            "state",
            "server",
            "map",
            "x",
            "y",
            "login_id1",
            "login_id2",
            "sex",
            "expiration",
            "group_id",
            "client_ip",
            "name",
            "party_id",
            "guild_id",
            "relay",
            "relay_knows",
            "connection_gone",
            "loaded",
            "companions",
            "rare",
            "leaving_change",
            "leaving_server",
            "leaving_map",
            "record");
    private static final String LISTED = String.join(", ", COLUMNS);
    private static final String ALL = "select " + LISTED + " from player_session order by account_id";
    private static final String KEEP = "insert into player_session (" + LISTED + ") values ("
            + String.join(", ", Collections.nCopies(COLUMNS.size(), "?")) + ") on conflict (account_id) do update set "
            + COLUMNS.stream().map(column -> column + " = excluded." + column).collect(Collectors.joining(", "));
    private static final String FORGET = "delete from player_session where account_id = ? and number <= ?";
    private static final String JOURNAL =
            "select sequence, account_id, character_id, body from save_journal order by sequence";
    private static final String LONGEST =
            "select account_id, character_id, count(*), sum(length(body)), min(written_at) from save_journal"
                    + " group by account_id, character_id order by min(written_at), character_id limit ?";
    private static final String APPEND = "insert into save_journal (sequence, account_id, character_id, body)"
            + " values (?, ?, ?, ?) on conflict (sequence) do nothing";
    private static final String FOUND =
            "insert into found_item (id, account_id, character_id, item_id, amount, host_id, map,"
                    + " epoch, found_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing";
    private static final String UNCONFIRMED = "select account_id, character_id, item_id, amount, host_id, map, epoch"
            + " from found_item where state <> 'CONFIRMED'";
    private static final String APPLIED = "delete from save_journal where character_id = ? and sequence <= ?";

    /** A row that came out of a dump was written by the transaction that restored it. */
    private static final String IS_COPY =
            "select written_in is not null and xmin <> written_in::xid from session_keeper where id = 1 for update";

    private static final String WRITTEN =
            "written_before = written_at, written_at = now()," + " written_in = pg_current_xact_id()";
    private static final String NEXT_TERM = "update session_keeper set term = term + 1, batch_before = 0, batch = 0, "
            + WRITTEN + " where id = 1 returning term";
    private static final String NEXT_BATCH = "update session_keeper set batch_before = batch, batch = ?, " + WRITTEN
            + " where id = 1 and term = ? and batch < ? returning batch_before, written_before, batch, written_at";
    private static final String INTO_ASIDE =
            " insert into save_journal_aside (sequence, account_id, character_id, body, written_at)"
                    + " select sequence, account_id, character_id, body, written_at from old";
    private static final String SET_ASIDE = "with old as (delete from save_journal returning *)" + INTO_ASIDE;
    private static final String SET_HIS_ASIDE =
            "with old as (delete from save_journal where character_id = ? and sequence <= ? returning *)" + INTO_ASIDE;

    /** The database is from before this instance began: the next one is to take it for a copy. */
    private static final String MARK_OLDER = "update session_keeper set written_in = '0' where id = 1 and term < ?";

    /** Relays and agents remember epochs and take no lower one: higher than any that was given since the backup. */
    private static final String RAISE_EPOCHS = "update map_owner set epoch = epoch + 1000000";

    /** A standby that was promoted lacks commits of less than that: what it says of players is good enough to go on with. */
    private static final Duration LAG = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(JdbcSessionStore.class);

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final Counter restored;
    private volatile @Nullable Term term;

    /** This instance's right to write. */
    private static final class Term {
        final long number;
        /** The last batch; only the writing thread counts. */
        long batch;
        /** The last batch that is known to be in the database. */
        Commit committed = new Commit(0, Instant.EPOCH);

        Term(long number) {
            this.number = number;
        }
    }

    private record Commit(long batch, Instant at) {}

    private record Step(Commit before, Commit now) {}

    JdbcSessionStore(JdbcTemplate jdbc, TransactionTemplate transactions, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.restored = meters.counter("p2p_dbproxy_database_restored_total");
    }

    @Override
    public Kept takeOver(Consumer<JournalEntry> journal) {
        secret();
        return Objects.requireNonNull(transactions.execute(status -> {
            // Waits for a commit of the instance before; a later one is refused.
            if (Boolean.TRUE.equals(jdbc.queryForObject(IS_COPY, Boolean.class))) {
                log.error("the database is older than it was: it is a copy, of a dump or said to be one");
                setSavesAside();
                forgetPlayers();
            }
            Long number = jdbc.queryForObject(NEXT_TERM, Long.class);
            Kept kept =
                    new Kept(jdbc.query(ALL, JdbcSessionStore::row), jdbc.query(UNCONFIRMED, JdbcSessionStore::found));
            RowCallbackHandler each = row -> journal.accept(entry(row, 0));
            jdbc.query(JdbcSessionStore::journal, each);
            term = new Term(Objects.requireNonNull(number));
            return kept;
        }));
    }

    /** Otherwise the driver has all of it in memory before the first row is looked at. */
    private static PreparedStatement journal(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(JOURNAL);
        statement.setFetchSize(READ_AT_ONCE);
        return statement;
    }

    @Override
    public void write(Batch batch) {
        Term mine = term;
        if (mine == null) {
            throw new IllegalStateException("sessions: written before they were taken over");
        }
        mine.batch++;
        try {
            mine.committed = Objects.requireNonNull(transactions.execute(status -> write(mine, batch)));
        } catch (SessionsTakenOverException e) {
            if (jdbc.update(MARK_OLDER, mine.number) > 0) {
                log.error(
                        "the database is older than this instance (expected: term {}), which has to be restarted",
                        mine.number);
            }
            throw e;
        }
    }

    @Override
    public boolean isTakenOver() {
        Term mine = term;
        return mine != null
                && !Long.valueOf(mine.number)
                        .equals(jdbc.queryForObject("select term from session_keeper where id = 1", Long.class));
    }

    private Commit write(Term mine, Batch batch) {
        Commit commit = nextBatch(mine);
        // Before what is applied by now is deleted, and again with what comes in this batch.
        setAside(batch);
        jdbc.batchUpdate(FORGET, batch.forgotten(), AT_ONCE, (statement, forgotten) -> {
            statement.setInt(1, forgotten.account());
            statement.setLong(2, forgotten.number());
        });
        jdbc.batchUpdate(KEEP, batch.kept(), AT_ONCE, JdbcSessionStore::columns);
        jdbc.batchUpdate(APPLIED, batch.applied().entrySet(), AT_ONCE, (statement, applied) -> {
            statement.setInt(1, applied.getKey());
            statement.setLong(2, applied.getValue());
        });
        jdbc.batchUpdate(APPEND, batch.appended(), AT_ONCE, (statement, entry) -> {
            statement.setLong(1, entry.sequence());
            statement.setInt(2, entry.group().account());
            statement.setInt(3, entry.group().character());
            statement.setBytes(4, entry.group().body());
        });
        jdbc.batchUpdate(FOUND, batch.found(), AT_ONCE, JdbcSessionStore::columns);
        setAside(batch);
        return commit;
    }

    private void setAside(Batch batch) {
        jdbc.batchUpdate(SET_HIS_ASIDE, batch.aside().entrySet(), AT_ONCE, (statement, aside) -> {
            statement.setInt(1, aside.getKey());
            statement.setLong(2, aside.getValue());
        });
    }

    private Commit nextBatch(Term mine) {
        Step step = jdbc.query(NEXT_BATCH, JdbcSessionStore::step, mine.batch, mine.number, mine.batch).stream()
                .findFirst()
                .orElseThrow(() -> new SessionsTakenOverException("another instance took the sessions over (term "
                        + mine.number + ", batch " + mine.batch + ")"));
        goneBack(mine.committed, step.before);
        return step.now;
    }

    private static Step step(ResultSet row, int number) throws SQLException {
        return new Step(
                new Commit(row.getLong(1), Objects.requireNonNull(instant(row, 2))),
                new Commit(row.getLong(3), Objects.requireNonNull(instant(row, 4))));
    }

    /** Looks whether the database has less than it had. */
    private void goneBack(Commit known, Commit found) {
        if (found.batch < known.batch) {
            log.error("the database is older than it was: its last commit is {} (expected: {})", found, known);
            setSavesAside();
            if (Duration.between(found.at, known.at).compareTo(LAG) > 0) {
                forgetPlayers();
            }
        }
    }

    /** Players have played on since: what was in the journal then must not be replayed over what is stored now. */
    private void setSavesAside() {
        log.error("{} saves set aside", jdbc.update(SET_ASIDE));
        restored.increment();
    }

    /** Who was in play then is elsewhere now, or somebody else. */
    private void forgetPlayers() {
        int players = jdbc.update("delete from player_session");
        log.error("{} players forgotten, epochs of {} maps raised", players, jdbc.update(RAISE_EPOCHS));
    }

    @Override
    public Summary summary(int most) {
        return Objects.requireNonNull(transactions.execute(status -> {
            List<Waiting> longest = jdbc.query(LONGEST, JdbcSessionStore::waiting, most);
            return jdbc.queryForObject(
                    "select count(*), coalesce(sum(length(body)), 0), min(written_at),"
                            + " (select count(*) from save_journal_aside) from save_journal",
                    (row, number) ->
                            new Summary(row.getLong(1), row.getLong(2), instant(row, 3), row.getLong(4), longest));
        }));
    }

    private static Waiting waiting(ResultSet row, int number) throws SQLException {
        return new Waiting(
                row.getInt(1), row.getInt(2), row.getLong(3), row.getLong(4), Objects.requireNonNull(instant(row, 5)));
    }

    @Override
    public List<Row> of(int character, int most) {
        return jdbc.query(
                "select sequence, account_id, character_id, body, written_at from save_journal where character_id = ?"
                        + " order by sequence limit ?",
                (row, number) -> {
                    JournalEntry entry = entry(row, number);
                    return new Row(entry.sequence(), Objects.requireNonNull(instant(row, 5)), entry.group());
                },
                character,
                most);
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    @Override
    public byte[] secret() {
        byte[] made = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(made);
        // The first of two instances wins; the other reads what it made.
        jdbc.update(
                "insert into session_keeper (id, secret, term, batch) values (1, ?, 0, 0) on conflict (id) do nothing",
                made);
        return Objects.requireNonNull(
                jdbc.queryForObject("select secret from session_keeper where id = 1", byte[].class));
    }

    private static void columns(PreparedStatement statement, SessionRow row) throws SQLException {
        SessionRow.Leaving leaving = row.leaving();
        List<@Nullable Object> values = Arrays.asList(
                row.account(),
                row.character(),
                row.number(),
                row.state().name(),
                ServerText.of(row.server()),
                row.map().value(),
                row.x(),
                row.y(),
                row.loginId1(),
                row.loginId2(),
                row.sex(),
                row.expiration(),
                row.group(),
                row.clientIp(),
                row.name(),
                row.party(),
                row.guild(),
                row.relay(),
                row.relayKnows(),
                row.connectionGone(),
                row.loaded(),
                row.companions(),
                row.rare(),
                leaving == null ? null : leaving.change(),
                leaving == null || leaving.server() == null ? null : ServerText.of(leaving.server()),
                leaving == null || leaving.map() == null ? null : leaving.map().value(),
                Deflated.of(row.record()));
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    private static void columns(PreparedStatement statement, FoundItem item) throws SQLException {
        Outside.Found found = item.found();
        statement.setObject(1, item.id());
        statement.setInt(2, found.account());
        statement.setInt(3, found.character());
        statement.setInt(4, found.item());
        statement.setInt(5, found.amount());
        statement.setString(6, found.cell().host().value());
        statement.setString(7, found.cell().map().value());
        statement.setLong(8, found.cell().epoch().value());
        statement.setObject(9, item.at().atOffset(ZoneOffset.UTC));
    }

    private static Outside.Found found(ResultSet rs, int n) throws SQLException {
        return new Outside.Found(
                rs.getInt("account_id"),
                rs.getInt("character_id"),
                rs.getInt("item_id"),
                rs.getInt("amount"),
                new ServerKey.Cell(
                        new HostId(rs.getString("host_id")),
                        new MapName(rs.getString("map")),
                        Epoch.of(rs.getLong("epoch"))));
    }

    private static JournalEntry entry(ResultSet rs, int n) throws SQLException {
        return new JournalEntry(
                rs.getLong("sequence"),
                new SavedGroup(rs.getInt("account_id"), rs.getInt("character_id"), rs.getBytes("body")));
    }

    private static SessionRow row(ResultSet rs, int n) throws SQLException {
        return new SessionRow(
                rs.getInt("account_id"),
                rs.getInt("character_id"),
                rs.getLong("number"),
                SessionState.valueOf(rs.getString("state")),
                ServerText.server(rs.getString("server")),
                new MapName(rs.getString("map")),
                rs.getInt("x"),
                rs.getInt("y"),
                rs.getInt("login_id1"),
                rs.getInt("login_id2"),
                rs.getInt("sex"),
                rs.getInt("expiration"),
                rs.getInt("group_id"),
                rs.getInt("client_ip"),
                rs.getString("name"),
                rs.getInt("party_id"),
                rs.getInt("guild_id"),
                rs.getString("relay"),
                rs.getLong("relay_knows"),
                rs.getBoolean("connection_gone"),
                rs.getBoolean("loaded"),
                rs.getString("companions"),
                rs.getString("rare"),
                leaving(rs),
                Deflated.plain(rs.getBytes("record")));
    }

    private static SessionRow.@Nullable Leaving leaving(ResultSet rs) throws SQLException {
        byte[] change = rs.getBytes("leaving_change");
        String server = rs.getString("leaving_server");
        String map = rs.getString("leaving_map");
        return change == null
                ? null
                : new SessionRow.Leaving(
                        change,
                        server == null ? null : ServerText.server(server),
                        map == null ? null : new MapName(map));
    }
}
