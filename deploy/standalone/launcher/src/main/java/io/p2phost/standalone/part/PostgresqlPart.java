package io.p2phost.standalone.part;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.Refusal;
import io.p2phost.standalone.home.Faults;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.home.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real PostgreSQL as a child process: durable settings, passwords checked from the first moment on, one schema and login
 * role per service with rights on that schema alone.
 */
public final class PostgresqlPart implements Part {
    public static final String NAME = "postgresql";
    static final String DATABASE = "p2p";

    private static final Logger log = LoggerFactory.getLogger(PostgresqlPart.class);
    private static final String SUPERUSER = "postgres";
    private static final String WRONG_PASSWORD = "28P01";
    private static final Pattern SERIOUS = Pattern.compile("^.*?((FATAL|PANIC|error):|postgres:) *");
    private static final Duration INITDB_DEADLINE = Duration.ofMinutes(2);
    /** Recovery after a crash replays the log first; it is alive and says so. */
    private static final Duration START_DEADLINE = Duration.ofMinutes(5);

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Dist dist;
    private final Home home;
    private final int port;
    private final Secrets secrets;
    private final ChildProcess process;

    public PostgresqlPart(Dist dist, Home home, int port, Secrets secrets) {
        this.dist = dist;
        this.home = home;
        this.port = port;
        this.secrets = secrets;
        this.process = new ChildProcess(NAME, home);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() throws PartFailure, InterruptedException {
        try {
            if (!Files.exists(home.postgresql().resolve("PG_VERSION"))) {
                createData();
            }
            configure();
            process.start(
                    asOrdinaryUser(
                            dist.postgresqlBinary("postgres"),
                            "-D",
                            home.postgresql().toString()),
                    home.root());
            try (Connection connection = awaitConnection()) {
                createDatabase(connection);
            }
            try (Connection connection = connect(DATABASE)) {
                createSchemas(connection);
            }
        } catch (IOException e) {
            throw new PartFailure(Faults.writing(home.postgresql(), e).sentence(), e);
        } catch (Refusal e) {
            throw new PartFailure(e.sentence(), e);
        } catch (SQLException e) {
            throw new PartFailure("PostgreSQL could not be set up: " + Faults.rootMessage(e) + logHint(), e);
        }
    }

    @Override
    public Optional<String> death() {
        return process.death();
    }

    @Override
    public boolean ready() {
        return process.isAlive();
    }

    @Override
    public void stop() {
        process.stopAsPostgresql();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    private void createData() throws IOException, PartFailure, InterruptedException {
        // Made beside its place and moved, so that an interrupted first start leaves nothing that looks whole.
        Path fresh = home.postgresql().resolveSibling("postgresql.new");
        Home.delete(fresh);
        List<String> command = asOrdinaryUser(
                dist.postgresqlBinary("initdb"),
                "-D",
                fresh.toString(),
                "-U",
                SUPERUSER,
                "--pwfile=" + secrets.superuserPasswordFile(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions");
        process.mark();
        Path output = home.log(NAME);
        Process initdb = new ProcessBuilder(command)
                .directory(home.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        try {
            if (!initdb.waitFor(INITDB_DEADLINE)) {
                throw new PartFailure("PostgreSQL could not make its data folder in " + INITDB_DEADLINE.toSeconds()
                        + " s" + logHint());
            }
        } finally {
            initdb.destroyForcibly();
        }
        if (initdb.exitValue() != 0) {
            throw failed("PostgreSQL could not make its data folder");
        }
        Files.writeString(fresh.resolve("pg_hba.conf"), """
                # Written by the launcher. Every connection proves a password; there are no local sockets.
                host all all 127.0.0.1/32 scram-sha-256
                """);
        Files.writeString(
                fresh.resolve("postgresql.conf"),
                "\ninclude 'p2p.conf'\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.APPEND);
        Files.deleteIfExists(home.postgresql());
        Files.move(fresh, home.postgresql());
    }

    private void configure() throws IOException {
        Files.writeString(home.postgresql().resolve("p2p.conf"), """
                # Written by the launcher at every start.
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                password_encryption = 'scram-sha-256'
                max_connections = 120

                # What is acknowledged is on the disk.
                fsync = on
                synchronous_commit = on
                full_page_writes = on

                # A small machine.
                shared_buffers = 32MB
                max_wal_size = 256MB
                min_wal_size = 32MB
                io_method = sync
                max_parallel_workers = 2
                autovacuum_max_workers = 2
                autovacuum_naptime = 60s
                jit = off

                log_min_messages = warning
                log_line_prefix = '%%m [%%p] %%q%%u@%%d '
                """.formatted(port));
    }

    /**
     * PostgreSQL refuses to run as root. A user namespace of its own lets it run without a second account; files stay
     * owned by root.
     */
    private static List<String> asOrdinaryUser(Path binary, String... args) throws PartFailure {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            Optional<Path> unshare = ChildProcess.findOnPath("unshare");
            if (unshare.isEmpty() || !canUnshare(unshare.get())) {
                throw new PartFailure("PostgreSQL refuses to run as root and this machine forbids user namespaces"
                        + " (unshare -U): run ./p2p as an ordinary user");
            }
            command.add(unshare.get().toString());
            command.add("-U");
        }
        command.add(binary.toString());
        command.addAll(List.of(args));
        return command;
    }

    private static boolean canUnshare(Path unshare) {
        try {
            Process test = new ProcessBuilder(unshare.toString(), "-U", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return test.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Connection awaitConnection() throws PartFailure, Refusal, InterruptedException {
        long deadline = System.nanoTime() + START_DEADLINE.toNanos();
        while (true) {
            if (!process.isAlive()) {
                throw failed("PostgreSQL did not start");
            }
            try {
                return connect(SUPERUSER);
            } catch (SQLException e) {
                if (WRONG_PASSWORD.equals(e.getSQLState())) {
                    throw new PartFailure("PostgreSQL refuses the password in " + secrets.superuserPasswordFile()
                            + ": secrets and data do not belong together (restore both from one backup, or start anew"
                            + " with ./p2p up --fresh)");
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw new PartFailure("PostgreSQL takes no connections: " + Faults.rootMessage(e) + logHint(), e);
                }
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    private Connection connect(String database) throws SQLException, Refusal {
        Properties properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        properties.setProperty("password", secrets.superuserPassword());
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("ApplicationName", "launcher");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
    }

    private static void createDatabase(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(statement, "select 1 from pg_database where datname = '" + DATABASE + "'")) {
                statement.execute("create database " + DATABASE);
                log.info("database {} made", DATABASE);
            }
            for (String database : new String[] {DATABASE, SUPERUSER, "template1"}) {
                statement.execute("revoke all on database " + database + " from public");
            }
        }
    }

    private void createSchemas(Connection connection) throws SQLException, Refusal {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("revoke all on schema public from public");
            for (ServiceName service : ServiceName.values()) {
                if (service.hasSchema()) {
                    createSchema(statement, service.schema(), secrets.databasePassword(service));
                }
            }
        }
        connection.commit();
    }

    private static void createSchema(Statement statement, String name, String password) throws SQLException {
        // Names come from an enum and the password has only letters, digits, '-' and '_'; both are quoted all the same.
        String role = '"' + name + '"';
        String login =
                " login nosuperuser nocreatedb nocreaterole noinherit password '" + password.replace("'", "''") + "'";
        boolean present = exists(statement, "select 1 from pg_roles where rolname = '" + name + "'");
        statement.execute((present ? "alter role " : "create role ") + role + login);
        statement.execute("grant connect, temporary on database " + DATABASE + " to " + role);
        statement.execute("create schema if not exists " + role + " authorization " + role);
        statement.execute("alter role " + role + " in database " + DATABASE + " set search_path = " + role);
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private PartFailure failed(String what) {
        List<String> lines = process.lastLines();
        if (lines.stream().anyMatch(Faults::diskFull)) {
            return new PartFailure(what + ": the disk that holds " + home.root() + " is full");
        }
        String why = lines.reversed().stream()
                .filter(line -> SERIOUS.matcher(line).find())
                .findFirst()
                .or(() -> lines.stream().filter(line -> !line.isBlank()).findFirst())
                .map(line -> ": " + SERIOUS.matcher(line).replaceFirst(""))
                .orElse("");
        return new PartFailure(what + why + logHint());
    }

    private String logHint() {
        return " (log: " + home.log(NAME) + ")";
    }
}
