package io.p2phost.dbproxy.turn.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.p2phost.dbproxy.turn.Turn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * An advisory lock of PostgreSQL, on a connection of its own that the server closes when it is silent: whoever is paused or
 * cut off does not keep it.
 */
@Component
class JdbcTurnLock implements Turn.Lock {
    private static final String TRY = "select pg_try_advisory_lock(hashtextextended('p2p.db-proxy.turn', 0))";
    private static final String STILL_THERE = "select true";

    private final String url;
    private final Properties properties;
    private @Nullable Connection connection;
    private boolean held;

    JdbcTurnLock(HikariDataSource pool) {
        this.url = pool.getJdbcUrl();
        this.properties = new Properties();
        properties.putAll(pool.getDataSourceProperties());
        properties.setProperty("user", pool.getUsername());
        properties.setProperty("password", pool.getPassword());
        properties.setProperty("connectTimeout", String.valueOf(Turn.LEASE.toSeconds()));
        properties.setProperty("socketTimeout", String.valueOf(Turn.LEASE.toSeconds()));
        properties.setProperty("ApplicationName", "db-proxy turn");
    }

    @Override
    public synchronized boolean hold() {
        try {
            Connection open = connection;
            if (open == null) {
                open = connect();
                connection = open;
            }
            held = ask(open, held ? STILL_THERE : TRY);
            return held;
        } catch (SQLException e) {
            close();
            throw new IllegalStateException("the lock cannot be asked for: " + e.getMessage(), e);
        }
    }

    private Connection connect() throws SQLException {
        Connection made = DriverManager.getConnection(url, properties);
        try (Statement statement = made.createStatement()) {
            statement.execute("set idle_session_timeout = " + Turn.LEASE.toMillis());
        }
        return made;
    }

    private static boolean ask(Connection of, String question) throws SQLException {
        try (Statement statement = of.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    @Override
    public synchronized void close() {
        Connection open = connection;
        connection = null;
        held = false;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // It is gone already.
            }
        }
    }
}
