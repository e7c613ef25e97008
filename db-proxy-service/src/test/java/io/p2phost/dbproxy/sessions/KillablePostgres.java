package io.p2phost.dbproxy.sessions;

import io.p2phost.contracts.ServiceName;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL of a test's own, which is killed and comes back on the same data. What was committed survives. */
public final class KillablePostgres implements AutoCloseable {
    private static final String PASSWORD = "secret";
    private static final long LONG_SECONDS = 60;

    private final Path folder;
    private EmbeddedPostgres postgres;

    /** Starts one with db-proxy's role and schema. */
    public KillablePostgres(Path folder) throws IOException, SQLException {
        this.folder = folder;
        this.postgres = start(0);
        String role = ServiceName.DB_PROXY.schema();
        try (Connection admin = connect();
                Statement sql = admin.createStatement()) {
            sql.execute("create role " + role + " login password '" + PASSWORD + "'");
            sql.execute("create schema " + role + " authorization " + role);
        }
    }

    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data())
                .setCleanDataDirectory(false)
                .setPort(port)
                // As in the suite's own form.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    /** What a service has to know of it. */
    public Map<String, String> settings() {
        return Map.of(
                "spring.datasource.url",
                "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
                "spring.datasource.username",
                ServiceName.DB_PROXY.schema(),
                "spring.datasource.password",
                PASSWORD);
    }

    /** As its superuser. */
    public Connection connect() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    /** Where its files are. */
    Path data() {
        return folder.resolve("data");
    }

    /** As if the machine had died: nobody says goodbye. */
    public void kill() throws IOException {
        List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
        ProcessHandle postmaster =
                ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
        List<ProcessHandle> backends = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        backends.forEach(ProcessHandle::destroyForcibly);
        postmaster.onExit().orTimeout(LONG_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Ends it as an operator does. */
    void stop() throws IOException {
        postgres.close();
    }

    /** Starts it again, at the same port. */
    public void restart() throws IOException {
        // Of one that is dead already it gives back what it locks.
        postgres.close();
        postgres = start(postgres.getPort());
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
