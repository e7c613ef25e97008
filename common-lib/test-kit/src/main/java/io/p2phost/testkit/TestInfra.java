package io.p2phost.testkit;

import io.p2phost.contracts.ServiceName;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * One real PostgreSQL and one real Kafka per test JVM: containers where a Docker engine answers, the embedded pair
 * otherwise. {@code -Dtest.infra=docker|embedded} decides instead.
 */
public final class TestInfra {
    private static final String PASSWORD = "test-password";

    private final Backend backend;
    private final AtomicInteger databases = new AtomicInteger();

    private TestInfra(Backend backend) {
        this.backend = backend;
    }

    /** The JVM's pair, started at first use. */
    public static TestInfra shared() {
        return Holder.INSTANCE;
    }

    /** Whether containers are used. */
    public boolean onDocker() {
        return backend.docker();
    }

    /** Kafka's address. */
    public String bootstrapServers() {
        return backend.bootstrapServers();
    }

    /** A new, empty database with the service's schema and role, as the suite sets it up. */
    public Database newDatabase(ServiceName service) {
        String name = "t" + databases.incrementAndGet();
        String role = service.schema();
        try (Connection admin =
                        DriverManager.getConnection(backend.jdbcUrl("postgres"), backend.user(), backend.password());
                Statement sql = admin.createStatement()) {
            sql.execute("create database " + name);
            sql.execute("do $$ begin create role " + role + " login password '" + PASSWORD
                    + "'; exception when duplicate_object then null; end $$");
        } catch (SQLException e) {
            throw new IllegalStateException("test database could not be made", e);
        }
        try (Connection inside =
                        DriverManager.getConnection(backend.jdbcUrl(name), backend.user(), backend.password());
                Statement sql = inside.createStatement()) {
            sql.execute("create schema " + role + " authorization " + role);
        } catch (SQLException e) {
            throw new IllegalStateException("test schema could not be made", e);
        }
        return new Database(backend.jdbcUrl(name), role, PASSWORD);
    }

    /** Connection settings of a database made for one test. */
    public record Database(String url, String user, String password) {}

    private record Backend(boolean docker, String bootstrapServers, String urlPattern, String user, String password) {
        String jdbcUrl(String database) {
            return urlPattern.formatted(database);
        }
    }

    private static final class Holder {
        static final TestInfra INSTANCE = new TestInfra(start());

        private static Backend start() {
            String wanted = System.getProperty("test.infra", "");
            boolean docker = switch (wanted) {
                case "docker" -> true;
                case "embedded" -> false;
                // Asked only where an engine is likely: without one the question takes seconds and logs errors.
                case "" ->
                    (System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock")))
                            && DockerClientFactory.instance().isDockerAvailable();
                default ->
                    throw new IllegalArgumentException("test.infra: " + wanted + " (expected: docker or embedded)");
            };
            return docker ? startContainers() : startEmbedded();
        }

        private static Backend startContainers() {
            PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:18");
            KafkaContainer kafka = new KafkaContainer("apache/kafka:4.3.1");
            postgres.start();
            kafka.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                kafka.stop();
                postgres.stop();
            }));
            return new Backend(
                    true,
                    kafka.getBootstrapServers(),
                    "jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(5432) + "/%s",
                    postgres.getUsername(),
                    postgres.getPassword());
        }

        private static Backend startEmbedded() {
            try {
                EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .start();
                EmbeddedKafkaKraftBroker kafka = new EmbeddedKafkaKraftBroker(1, 3);
                kafka.brokerProperty("group.initial.rebalance.delay.ms", "0");
                kafka.afterPropertiesSet();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    kafka.destroy();
                    try {
                        postgres.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
                return new Backend(
                        false,
                        kafka.getBrokersAsString(),
                        "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/%s",
                        "postgres",
                        "postgres");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
