package io.p2phost.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.AuditRecorded;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostHeartbeat;
import io.p2phost.contracts.event.Topics;
import io.p2phost.metrics.history.HostHistory;
import io.p2phost.metrics.history.HostSample;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The whole service on real PostgreSQL and Kafka. */
class MetricsIT {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static TestService service;
    private static KafkaProducer<String, String> producer;

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        service = TestService.start(MetricsApplication::start, ServiceName.METRICS, tokens, Map.of());
        producer = new KafkaProducer<>(Map.of(
                "bootstrap.servers", TestInfra.shared().bootstrapServers(),
                "key.serializer", StringSerializer.class,
                "value.serializer", StringSerializer.class));
    }

    @AfterAll
    static void stop() {
        producer.close();
        service.close();
        tokens.close();
    }

    @Test
    void heartbeatsBecomeHistoryOnceEach() throws Exception {
        HostId host = HostId.random();
        Instant start = Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(3, ChronoUnit.MINUTES);
        EventEnvelope<HostHeartbeat> twice = heartbeat(host, start, 10, 20);
        send(Topics.HOST_HEARTBEATS, twice);
        send(Topics.HOST_HEARTBEATS, twice);
        send(Topics.HOST_HEARTBEATS, heartbeat(host, start.plusSeconds(30), 30, 40));
        send(Topics.HOST_HEARTBEATS, heartbeat(host, start.plusSeconds(60), 50, 5));
        String path =
                "/api/v1/metrics/hosts/" + host + "?from=" + start + "&to=" + start.plusSeconds(120) + "&step=PT1M";
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            JsonNode points =
                    body(get(path, tokens.access("key:a", Role.VIEWER))).get("points");
            assertThat(points.size()).isEqualTo(2);
            assertThat(points.get(0).get("samples").asInt()).isEqualTo(2);
            assertThat(points.get(0).get("cpuPercent").asDouble()).isEqualTo(20);
            assertThat(points.get(0).get("maxLatencyMs").asDouble()).isEqualTo(40);
            assertThat(points.get(0).get("players").asDouble()).isEqualTo(7);
            assertThat(points.get(1).get("cpuPercent").asDouble()).isEqualTo(50);
        });
    }

    @Test
    void relaysReadTheRegionsForTheirPlayers() throws Exception {
        String relay = tokens.service(ServiceName.RELAY, ServiceName.METRICS);
        assertThat(get("/internal/v1/metrics/regions", relay).statusCode()).isEqualTo(200);
        assertThat(get("/internal/v1/metrics/regions", tokens.access("key:a", Role.VIEWER))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void hostReadsItsOwnHistoryOnly() throws Exception {
        HostId host = HostId.random();
        assertThat(get("/api/v1/metrics/hosts/" + host, tokens.access(host.value(), Role.HOST))
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/api/v1/metrics/hosts/" + HostId.random(), tokens.access(host.value(), Role.HOST))
                        .statusCode())
                .isEqualTo(403);
        assertThat(get("/api/v1/audit", tokens.access(host.value(), Role.HOST)).statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=yesterday",
                "to=1",
                "step=5",
                "step=PT0S",
                "step=-PT1M",
                "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
                "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&step=PT1S",
            })
    void badQueriesAreRefusedWithReason(String query) throws Exception {
        HttpResponse<String> response =
                get("/api/v1/metrics/hosts/" + HostId.random() + "?" + query, tokens.access("key:a", Role.ADMIN));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains("(expected:");
    }

    @Test
    void badHostIdIsRefused() throws Exception {
        assertThat(get("/api/v1/metrics/hosts/nobody", tokens.access("key:a", Role.ADMIN))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void daysOutsideOfTheRetentionAreNotKeptAndOldPartitionsGo() throws Exception {
        HostHistory history = service.context().getBean(HostHistory.class);
        HostId host = HostId.random();
        history.add(sample(host, Instant.now().minus(40, ChronoUnit.DAYS)));
        history.add(sample(host, Instant.now().minus(2, ChronoUnit.DAYS)));
        JdbcClient jdbc = service.context().getBean(JdbcClient.class);
        assertThat(jdbc.sql("select count(*) from p2p_performance where host_id = ?")
                        .param(host.value())
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        jdbc.sql("create table p2p_performance_20200101 partition of p2p_performance"
                        + " for values from ('2020-01-01 00:00:00+00') to ('2020-01-02 00:00:00+00')")
                .update();
        var drop = history.getClass().getDeclaredMethod("dropOldDays");
        drop.setAccessible(true);
        drop.invoke(history);
        assertThat(jdbc.sql("select to_regclass('p2p_performance_20200101') is null")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void auditEntriesAreFoundPagedAndCannotBeChanged() throws Exception {
        String actor = "key:" + UUID.randomUUID();
        for (int i = 0; i < 5; i++) {
            send(Topics.AUDIT, audit(actor, "host.drain", "host:" + i));
        }
        EventEnvelope<AuditRecorded> twice = audit(actor, "host.undrain", "host:9");
        send(Topics.AUDIT, twice);
        send(Topics.AUDIT, twice);
        String admin = tokens.access("key:a", Role.OPERATOR);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(body(get("/api/v1/audit?actor=" + actor, admin))
                                .get("items")
                                .size())
                        .isEqualTo(6));
        JsonNode first = body(get("/api/v1/audit?limit=4&actor=" + actor, admin));
        JsonNode second = body(get(
                "/api/v1/audit?limit=4&actor=" + actor + "&cursor="
                        + first.get("nextCursor").asString(),
                admin));
        assertThat(first.get("items").size()).isEqualTo(4);
        assertThat(second.get("items").size()).isEqualTo(2);
        assertThat(second.has("nextCursor")).isFalse();
        assertThat(body(get("/api/v1/audit?action=host.undrain&actor=" + actor, admin))
                        .get("items")
                        .size())
                .isEqualTo(1);
        assertThat(get("/api/v1/audit?limit=0", admin).statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/audit?cursor=x", admin).statusCode()).isEqualTo(400);
        JdbcClient jdbc = service.context().getBean(JdbcClient.class);
        assertThatThrownBy(() -> jdbc.sql("delete from audit_entries").update()).hasMessageContaining("append-only");
        assertThatThrownBy(
                        () -> jdbc.sql("update audit_entries set outcome = 'x'").update())
                .hasMessageContaining("append-only");
    }

    private static HostSample sample(HostId host, Instant at) {
        return new HostSample(host, at, 1, 1, 1, 1, 0, 0, 0);
    }

    private static EventEnvelope<HostHeartbeat> heartbeat(HostId host, Instant at, double cpu, double latency) {
        return new EventEnvelope<>(
                UUID.randomUUID().toString(),
                HostHeartbeat.TYPE,
                1,
                at,
                host.value(),
                1,
                null,
                new HostHeartbeat(
                        host,
                        at,
                        cpu,
                        40,
                        2,
                        latency,
                        0,
                        List.of(
                                new HostHeartbeat.ServedMap(new MapName("a"), Epoch.of(1), 3),
                                new HostHeartbeat.ServedMap(new MapName("b"), Epoch.of(1), 4))));
    }

    private static EventEnvelope<AuditRecorded> audit(String actor, String action, String subject) {
        return new EventEnvelope<>(
                UUID.randomUUID().toString(),
                AuditRecorded.TYPE,
                1,
                Instant.now(),
                actor,
                0,
                null,
                new AuditRecorded(actor, action, subject, "ok", Map.of("reason", "test")));
    }

    private static void send(String topic, EventEnvelope<?> event) {
        producer.send(
                new ProducerRecord<>(topic, event.aggregateId(), Json.mapper().writeValueAsString(event)));
        producer.flush();
    }

    private static JsonNode body(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.mapper().readTree(response.body());
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
