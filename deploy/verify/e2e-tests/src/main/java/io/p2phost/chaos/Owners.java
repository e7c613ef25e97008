package io.p2phost.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every owner that a map had, as db-proxy's table said: a trigger of the soak's own writes down each change of a row, so
 * that none is missed between two looks.
 */
public final class Owners implements AutoCloseable {
    private static final String RECORD = """
            create schema if not exists soak;
            create table if not exists soak.owners (
                number bigint generated always as identity primary key,
                map text not null, epoch bigint not null, kind text, owner text, address text,
                at timestamptz not null default clock_timestamp());
            create or replace function soak.remember() returns trigger language plpgsql security definer as $$
            begin
                if tg_op = 'DELETE' then
                    insert into soak.owners (map, epoch) values (old.map, -1);
                else
                    insert into soak.owners (map, epoch, kind, owner, address)
                        values (new.map, new.epoch, new.owner_kind, new.owner_id, new.owner_address);
                end if;
                return null;
            end $$;
            drop trigger if exists soak on gamedata.map_owner;
            create trigger soak after insert or update or delete on gamedata.map_owner
                for each row execute function soak.remember();
            insert into soak.owners (map, epoch, kind, owner, address)
                select map, epoch, owner_kind, owner_id, owner_address from gamedata.map_owner;
            """;

    private static final String PASSWORD = "spring.datasource.password";

    private final Connection database;

    /**
     * A row as it was from then on.
     *
     * @param epoch -1 where the row was deleted
     * @param owner kind and id; empty while the map had none
     */
    public record Row(String map, long epoch, String owner, Instant at) {}

    private Owners(Connection database) {
        this.database = database;
    }

    /** Begins to write down, in the suite of that home. */
    public static Owners record(Path home, int port) throws IOException, SQLException {
        String password =
                Files.readString(home.resolve("secrets/postgresql/" + PASSWORD)).strip();
        Connection database =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/p2p", "postgres", password);
        try (Statement statement = database.createStatement()) {
            statement.execute(RECORD);
            return new Owners(database);
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    public synchronized List<Row> rows() throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery(
                        "select map, epoch, coalesce(kind || ' ' || owner, ''), at from soak.owners order by number")) {
            while (found.next()) {
                rows.add(new Row(
                        found.getString(1),
                        found.getLong(2),
                        found.getString(3),
                        found.getTimestamp(4).toInstant()));
            }
        }
        return rows;
    }

    /** Saves that db-proxy has taken and the char-server may not have yet, and those that it gave up. */
    public synchronized Journal journal() throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery("select (select count(*) from gamedata.save_journal),"
                        + " (select count(*) from gamedata.save_journal_aside)")) {
            found.next();
            return new Journal(found.getLong(1), found.getLong(2));
        }
    }

    /** How many saves wait, and how many were set aside. */
    public record Journal(long waiting, long aside) {}

    /** What is wrong with such a history: a map's epoch never goes back, and an epoch has one owner at most. */
    public static List<String> faults(List<Row> rows) {
        List<String> faults = new ArrayList<>();
        Map<String, Long> epochs = new HashMap<>();
        Map<String, String> owners = new HashMap<>();
        for (Row row : rows) {
            long before = epochs.getOrDefault(row.map(), 0L);
            if (row.epoch() < 0) {
                faults.add("owners: the row of " + row.map() + " was deleted at " + row.at());
                continue;
            }
            if (row.epoch() < before) {
                faults.add("owners: " + row.map() + " went from epoch " + before + " back to " + row.epoch() + " at "
                        + row.at());
            }
            epochs.put(row.map(), row.epoch());
            String first = row.owner().isEmpty()
                    ? row.owner()
                    : owners.computeIfAbsent(row.map() + " epoch " + row.epoch(), any -> row.owner());
            if (!first.equals(row.owner())) {
                faults.add("owners: " + row.map() + " epoch " + row.epoch() + " had " + first + " and " + row.owner()
                        + " at " + row.at());
            }
        }
        return faults;
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
