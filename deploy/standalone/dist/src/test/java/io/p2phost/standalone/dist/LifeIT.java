package io.p2phost.standalone.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.Topics;
import io.p2phost.standalone.dist.P2p.Outcome;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The suite's life with real PostgreSQL and Kafka and services that start in a moment. */
@Tag("deep")
class LifeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    static Path shared;

    private static Path dist;

    @TempDir
    Path folder;

    private P2p p2p;

    @BeforeAll
    static void dist() throws IOException {
        dist = Dists.quick(shared);
    }

    @BeforeEach
    void home() throws IOException {
        p2p = new P2p(dist, folder.resolve("home"));
    }

    @AfterEach
    void down() throws Exception {
        p2p.run("down");
        assertThat(p2p.processes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "processes"})
    void itComesUpIsRefusedTwiceAndGoesDown(String form) throws Exception {
        Outcome first = form.equals("small") ? p2p.up("--detach") : p2p.up("--detach", "--processes");

        assertThat(first.status()).as(p2p.logs()).isZero();
        assertThat(first.text())
                .containsPattern("Ready in \\d+\\.\\d s\n")
                .contains("Gateway    http://127.0.0.1:" + p2p.ports.http(ServiceName.GATEWAY))
                .contains("Admin key  " + p2p.home.adminKey());
        assertThat(p2p.status().path("ready").booleanValue()).isTrue();
        assertThat(p2p.status().path("form").stringValue()).isEqualTo(form);
        assertThat(p2p.run("status").text()).contains("host-registry", "postgresql", "kafka", "gateway");

        Outcome second = p2p.up();
        assertThat(second.status()).isEqualTo(1);
        assertThat(second.text()).startsWith("The suite already runs (home " + p2p.home.root() + ", pid ");
        assertThat(p2p.up("--fresh").text()).startsWith("The suite already runs");
        assertThat(p2p.status().path("ready").booleanValue()).isTrue();

        assertThat(p2p.run("down").text()).endsWith("Stopped.\n");
        assertThat(p2p.processes()).isEmpty();
        assertThat(p2p.run("status").status()).isEqualTo(3);
        List<String> stopped = Files.readAllLines(p2p.home.log("launcher")).stream()
                .filter(line -> line.endsWith(" is stopped"))
                .map(line -> line.replaceFirst(".* - (.*) is stopped", "$1"))
                .toList();
        assertThat(stopped)
                .containsExactly(
                        "gateway",
                        "metrics",
                        "security-validator",
                        "relay",
                        "db-proxy",
                        "map-assignment",
                        "host-registry",
                        "kafka",
                        "postgresql");
    }

    @Test
    void passwordsAreCheckedAndARoleSeesItsOwnSchemaAlone() throws Exception {
        p2p.upDetached();

        assertThatThrownBy(() -> connect("metrics", "wrong")).hasMessageContaining("password authentication failed");
        assertThatThrownBy(() -> connect("postgres", "")).isInstanceOf(SQLException.class);
        try (Connection relay = connect(ServiceName.RELAY);
                Statement sql = relay.createStatement()) {
            sql.execute("create table routes (map text)");
            sql.execute("insert into relay.routes values ('prontera')");
        }
        try (Connection metrics = connect(ServiceName.METRICS);
                Statement sql = metrics.createStatement()) {
            assertThatThrownBy(() -> sql.executeQuery("select * from relay.routes"))
                    .hasMessageContaining("permission denied for schema relay");
            assertThatThrownBy(() -> sql.execute("create table public.mine (x int)"))
                    .hasMessageContaining("permission denied for schema public");
            assertThatThrownBy(() -> sql.execute("create schema mine")).hasMessageContaining("permission denied");
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertThat(one(sql, "show " + setting)).as(setting).isEqualTo("on");
            }
        }
        assertThatThrownBy(() -> DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + p2p.ports.postgresql() + "/postgres",
                        "metrics",
                        password(ServiceName.METRICS)))
                .hasMessageContaining("permission denied for database");
    }

    @Test
    void stateTopicsAreCompactedAndOthersAreNot() throws Exception {
        p2p.upDetached();

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka()))) {
            Map<String, String> policies = admin
                    .describeConfigs(Topics.ALL.stream()
                            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                            .toList())
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            e -> e.getKey().name(),
                            e -> e.getValue().get("cleanup.policy").value()));
            assertThat(policies).hasSize(Topics.ALL.size());
            policies.forEach((topic, policy) ->
                    assertThat(policy).as(topic).isEqualTo(Topics.COMPACTED.contains(topic) ? "compact" : "delete"));
            assertThat(admin.describeTopics(List.of(Topics.AUDIT))
                            .allTopicNames()
                            .get(30, TimeUnit.SECONDS)
                            .get(Topics.AUDIT)
                            .partitions())
                    .hasSize(3);
        }
    }

    @Test
    void servicesGetTheirSecretsAsFilesAndNeverOnTheirCommandLine() throws Exception {
        p2p.upDetached("--processes");

        List<String> args = Files.readAllLines(p2p.home.root().resolve("args-relay"));
        assertThat(args)
                .contains("--spring.config.import=configtree:"
                        + p2p.home.secrets().resolve("relay") + "/")
                .contains("--spring.datasource.username=relay")
                .contains("--p2p.services.db-proxy=http://127.0.0.1:" + p2p.ports.http(ServiceName.DB_PROXY));
        assertThat(String.join(" ", p2p.processes())).doesNotContain(password(ServiceName.RELAY));
        assertThat(String.join(" ", args)).doesNotContain(password(ServiceName.RELAY));
    }

    @Test
    void aServiceThatClosesIsStartedAgainAlone() throws Exception {
        p2p.upDetached();
        long launcher = p2p.status().path("pid").asLong();

        get(p2p.ports.management(ServiceName.METRICS), "/die");

        await().atMost(PATIENCE)
                .until(() -> p2p.part("metrics").path("restarts").asInt() == 1
                        && p2p.status().path("ready").booleanValue());
        assertThat(p2p.status().path("pid").asLong()).isEqualTo(launcher);
        assertThat(p2p.part("relay").path("restarts").asInt()).isZero();
    }

    @Test
    void aKilledServiceProcessIsStartedAgainAlone() throws Exception {
        p2p.upDetached("--processes");
        long relay = p2p.pid("relay");
        long metrics = p2p.pid("metrics");

        P2p.kill(metrics);

        await().atMost(PATIENCE)
                .until(() -> p2p.part("metrics").path("restarts").asInt() == 1
                        && p2p.status().path("ready").booleanValue());
        assertThat(p2p.pid("metrics")).isNotEqualTo(metrics).isPositive();
        assertThat(p2p.pid("relay")).isEqualTo(relay);
    }

    @Test
    void aKilledDatabaseComesBackWithWhatWasCommitted() throws Exception {
        p2p.upDetached();
        note("before the kill");
        long postmaster = p2p.pid("postgresql");

        P2p.kill(postmaster);

        await().atMost(PATIENCE)
                .until(() -> p2p.part("postgresql").path("restarts").asInt() >= 1
                        && p2p.part("postgresql").path("state").stringValue("").equals("ready"));
        assertThat(p2p.pid("postgresql")).isNotEqualTo(postmaster);
        assertThat(notes()).containsExactly("before the kill");
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "processes"})
    void afterTheLauncherWasKilledTheNextStartCleansUpAndFindsItsState(String form) throws Exception {
        String[] options = form.equals("small") ? new String[0] : new String[] {"--processes"};
        p2p.upDetached(options);
        note("before the kill");
        publish("k", "before the kill");
        String adminKey = Files.readString(p2p.home.adminKey());

        P2p.kill(p2p.status().path("pid").asLong());

        assertThat(p2p.processes()).isNotEmpty();
        Outcome status = p2p.run("status");
        assertThat(status.status()).isEqualTo(3);
        assertThat(status.text()).contains("an earlier run left").contains("postgresql");
        assertThat(p2p.up("--detach").text())
                .containsPattern("Stopped postgresql \\(pid \\d+\\), which an earlier run left behind")
                .contains("Ready in");
        assertThat(notes()).containsExactly("before the kill");
        assertThat(published()).containsExactly("before the kill");
        assertThat(p2p.home.adminKey()).hasContent(adminKey);
    }

    @Test
    void downAlsoStopsWhatAKilledLauncherLeft() throws Exception {
        p2p.upDetached("--processes");
        P2p.kill(p2p.status().path("pid").asLong());
        Files.delete(p2p.home.pidFile("postgresql"));
        assertThat(p2p.processes()).hasSizeGreaterThanOrEqualTo(9);

        Outcome down = p2p.run("down");

        assertThat(down.status()).isZero();
        assertThat(down.text()).contains("Stopped relay", "Stopped kafka", "Stopped postgresql");
        assertThat(p2p.processes()).isEmpty();
    }

    @Test
    void freshForgetsEverything() throws Exception {
        p2p.upDetached();
        note("old");
        String oldKey = Files.readString(p2p.home.adminKey());
        p2p.run("down");

        p2p.upDetached("--fresh");

        assertThat(p2p.home.adminKey()).content().isNotEqualTo(oldKey);
        try (Connection relay = connect(ServiceName.RELAY);
                Statement sql = relay.createStatement()) {
            assertThat(one(sql, "select to_regclass('relay.notes') is null")).isEqualTo("t");
        }
    }

    @Test
    void secretsThatDoNotBelongToTheDataAreSaid() throws Exception {
        p2p.upDetached();
        p2p.run("down");
        Path file = p2p.home.secrets().resolve("postgresql").resolve("spring.datasource.password");
        Files.writeString(file, "another");

        Outcome outcome = p2p.up();

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text().lines().toList().getLast())
                .startsWith("PostgreSQL refuses the password in " + file)
                .contains("secrets and data do not belong together");
        assertThat(p2p.processes()).isEmpty();

        Files.delete(file);
        assertThat(p2p.up().text()).startsWith("The secret " + file + " is missing or empty");
    }

    @Test
    void ctrlCStopsEverythingInOrder() throws Exception {
        Process up = new ProcessBuilder(
                        dist.resolve("p2p").toString(),
                        "up",
                        "--home",
                        p2p.home.root().toString(),
                        "--port-offset",
                        Integer.toString(p2p.ports.offset()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        await().atMost(PATIENCE)
                .until(() -> Files.readString(folder.resolve("out")).contains("Ready in"));

        P2p.execute(List.of("kill", "-INT", Long.toString(up.pid())));

        assertThat(up.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(p2p.processes()).isEmpty();
        assertThat(Files.readString(folder.resolve("out")))
                .containsSubsequence("gateway", "stopped", "kafka", "stopped", "postgresql", "stopped");
    }

    private void note(String text) throws Exception {
        try (Connection relay = connect(ServiceName.RELAY);
                Statement sql = relay.createStatement()) {
            sql.execute("create table if not exists notes (text text)");
            sql.execute("insert into notes values ('" + text + "')");
        }
    }

    private List<String> notes() throws Exception {
        try (Connection relay = connect(ServiceName.RELAY);
                Statement sql = relay.createStatement()) {
            return List.of(one(sql, "select string_agg(text, ',') from notes").split(","));
        }
    }

    private void publish(String key, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka(), "acks", "all"), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topics.AUDIT, 0, key, value)).get(30, TimeUnit.SECONDS);
        }
    }

    private List<String> published() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(Topics.AUDIT, 0)));
            List<String> values = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofMillis(200))) {
                    values.add(r.value());
                }
                return !values.isEmpty();
            });
            return values;
        }
    }

    private String kafka() {
        return "127.0.0.1:" + p2p.ports.kafka();
    }

    private Connection connect(ServiceName service) throws Exception {
        return connect(service.schema(), password(service));
    }

    private Connection connect(String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + p2p.ports.postgresql() + "/p2p", user, password);
    }

    private String password(ServiceName service) throws IOException {
        return Files.readString(p2p.home.secrets().resolve(service.id()).resolve("spring.datasource.password"));
    }

    private static String one(Statement sql, String query) throws SQLException {
        try (ResultSet rows = sql.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void get(int port, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        assertThat(connection.getResponseCode()).isEqualTo(200);
        connection.disconnect();
    }
}
