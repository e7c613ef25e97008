package io.p2phost.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.dbproxy.sessions.SessionStore;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** db-proxy's own store of sessions and journal in PostgreSQL, with its schema and its pool of connections. */
final class RealStore implements AutoCloseable {
    /** As the services have it. */
    private static final int CONNECTIONS = 8;

    private final HikariDataSource database;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    RealStore(String url) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(url);
        pool.setUsername(Postgresql.USER);
        pool.setSchema(Postgresql.USER);
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(1);
        Flyway.configure()
                .dataSource(url, Postgresql.USER, "")
                .schemas(Postgresql.USER)
                .locations("classpath:db/kit", "classpath:db/migration")
                .outOfOrder(true)
                .load()
                .migrate();
        database = new HikariDataSource(pool);
        context.registerBean(DataSource.class, () -> database);
        context.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(database));
        context.registerBean(
                TransactionTemplate.class, () -> new TransactionTemplate(new JdbcTransactionManager(database)));
        context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
        context.scan("io.p2phost.dbproxy.sessions.jdbc");
        context.refresh();
    }

    SessionStore store() {
        return context.getBean(SessionStore.class);
    }

    JdbcTemplate jdbc() {
        return context.getBean(JdbcTemplate.class);
    }

    @Override
    public void close() {
        context.close();
        database.close();
    }
}
