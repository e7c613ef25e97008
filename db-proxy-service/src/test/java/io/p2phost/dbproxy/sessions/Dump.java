package io.p2phost.dbproxy.sessions;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** All rows of the service's schema as they were, moved as pg_dump and pg_restore move them: by COPY. */
public final class Dump {
    private static final String TABLES =
            "select table_name from information_schema.tables where table_schema = current_schema()"
                    + " and table_name not like 'flyway%'";

    private final Map<String, byte[]> tables = new LinkedHashMap<>();

    private Dump() {}

    /** Of one moment. */
    public static Dump of(Connection database) throws SQLException, IOException {
        Dump dump = new Dump();
        database.setAutoCommit(false);
        database.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement sql = database.createStatement();
                ResultSet names = sql.executeQuery(TABLES)) {
            while (names.next()) {
                dump.tables.put(names.getString(1), new byte[0]);
            }
        }
        for (Map.Entry<String, byte[]> table : dump.tables.entrySet()) {
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            copy(database).copyOut("copy " + table.getKey() + " to stdout", rows);
            table.setValue(rows.toByteArray());
        }
        database.commit();
        return dump;
    }

    /** Nothing that is there now stays. */
    public void restore(Connection database) throws SQLException, IOException {
        database.setAutoCommit(false);
        for (Map.Entry<String, byte[]> table : tables.entrySet()) {
            try (Statement sql = database.createStatement()) {
                sql.execute("truncate " + table.getKey() + " cascade");
            }
            copy(database).copyIn("copy " + table.getKey() + " from stdin", new ByteArrayInputStream(table.getValue()));
        }
        database.commit();
    }

    private static CopyManager copy(Connection database) throws SQLException {
        return database.unwrap(PGConnection.class).getCopyAPI();
    }
}
