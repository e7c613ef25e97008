package io.p2phost.dbproxy.turn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.turn.Turn;
import io.p2phost.testkit.TestService;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lock on a real PostgreSQL. */
class JdbcTurnLockIT {
    private final Map<String, String> settings = TestService.databaseSettings(ServiceName.DB_PROXY);
    private final HikariDataSource database = database(settings);
    private final JdbcTurnLock first = new JdbcTurnLock(database);
    private final JdbcTurnLock second = new JdbcTurnLock(database);

    private static HikariDataSource database(Map<String, String> settings) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(settings.get("spring.datasource.url"));
        pool.setUsername(settings.get("spring.datasource.username"));
        pool.setPassword(settings.get("spring.datasource.password"));
        pool.setMaximumPoolSize(1);
        return pool;
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
        database.close();
    }

    @Test
    void oneHasItUntilHeLetsItGo() {
        assertThat(first.hold()).isTrue();
        assertThat(first.hold()).isTrue();
        assertThat(second.hold()).isFalse();
        first.close();
        // The server hears of the closed connection a moment after it is closed here.
        await().until(second::hold);
        assertThat(first.hold()).isFalse();
    }

    @Test
    void whoIsSilentLosesIt() {
        assertThat(first.hold()).isTrue();
        await().atMost(Turn.LEASE.multipliedBy(5))
                .pollInterval(Duration.ofMillis(100))
                .until(second::hold);
        assertThatThrownBy(first::hold).isInstanceOf(IllegalStateException.class);
        assertThat(first.hold()).isFalse();
        assertThat(second.hold()).isTrue();
    }

    @Test
    void whoseSessionIsEndedTakesItAgain() throws SQLException {
        assertThat(first.hold()).isTrue();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where application_name = 'db-proxy turn' and datname = current_database()");
        }
        assertThatThrownBy(first::hold).isInstanceOf(IllegalStateException.class);
        assertThat(first.hold()).isTrue();
        assertThat(second.hold()).isFalse();
    }
}
