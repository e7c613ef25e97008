package io.p2phost.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.consume.Subscriptions;
import io.p2phost.kit.outbox.Outbox;
import io.p2phost.kit.sample.SampleApplication;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The kit as a service uses it, on real PostgreSQL and Kafka. */
class KitIT {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static TestService service;

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        service = TestService.start(SampleApplication::start, ServiceName.METRICS, tokens, Map.of());
        Subscriptions subscriptions = service.context().getBean(Subscriptions.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> subscriptions.caughtUp("all"));
    }

    @AfterAll
    static void stop() {
        service.close();
        tokens.close();
    }

    @Test
    void handlerWithoutMarkIsRefusedToEverybody() throws Exception {
        assertProblem(get("/api/v1/unmarked", tokens.access("key:a", Role.ADMIN)), 403, "forbidden");
        assertProblem(
                get("/api/v1/unmarked", tokens.service(ServiceName.RELAY, ServiceName.METRICS)), 403, "forbidden");
    }

    @Test
    void rolesDecideWhoMayCall() throws Exception {
        assertThat(get("/api/v1/open", null).statusCode()).isEqualTo(200);
        assertProblem(get("/api/v1/me", null), 401, "unauthenticated");
        assertProblem(get("/api/v1/me", "garbage"), 401, "unauthenticated");
        assertProblem(get("/api/v1/me", tokens.expiredAccess("key:a", Role.ADMIN)), 401, "unauthenticated");
        assertProblem(get("/api/v1/me", tokens.forgedAccess("key:a", Role.ADMIN)), 401, "unauthenticated");
        assertProblem(get("/api/v1/me", tokens.access("key:a", Role.VIEWER)), 403, "forbidden");
        assertThat(get("/api/v1/me", tokens.access("h1", Role.HOST)).body()).contains("host:h1");
    }

    @Test
    void internalCallsAreForTheNamedServiceAndAudienceOnly() throws Exception {
        assertThat(get("/internal/v1/only-relay", tokens.service(ServiceName.RELAY, ServiceName.METRICS))
                        .body())
                .isEqualTo("hello relay");
        assertProblem(
                get("/internal/v1/only-relay", tokens.service(ServiceName.RELAY, ServiceName.DB_PROXY)),
                401,
                "unauthenticated");
        assertProblem(
                get("/internal/v1/only-relay", tokens.service(ServiceName.GATEWAY, ServiceName.METRICS)),
                403,
                "forbidden");
        assertProblem(get("/internal/v1/only-relay", tokens.access("key:a", Role.ADMIN)), 403, "forbidden");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":\"a\",\"size\":\"5\",\"map\":\"prontera\"}|400|malformed-request",
                "{\"id\":\"a\",\"size\":5.5,\"map\":\"prontera\"}|400|malformed-request",
                "{\"id\":\"a\",\"size\":null,\"map\":\"prontera\"}|400|malformed-request",
                "{\"id\":\"a\",\"size\":5,\"map\":\"Prontera!\"}|400|invalid-value",
                "{\"id\":|400|malformed-request",
                "[]|400|malformed-request",
                "''|400|malformed-request",
            })
    void badBodiesAreRefusedWithReason(String body, int status, String type) throws Exception {
        assertProblem(post("/api/v1/things", tokens.access("key:a", Role.ADMIN), body), status, type);
    }

    @Test
    void wrongPathMethodTypeAndSizeAreProblems() throws Exception {
        String admin = tokens.access("key:a", Role.ADMIN);
        assertProblem(get("/api/v1/nothing-here", admin), 404, "not-found");
        assertProblem(get("/api/v1/maps/UPPER", admin), 400, "invalid-value");
        assertProblem(post("/api/v1/me", admin, "{}"), 405, "method-not-allowed");
        String long70k = "{\"id\":\"" + "x".repeat(70_000) + "\",\"size\":1,\"map\":\"prontera\"}";
        assertProblem(post("/api/v1/things", admin, long70k), 413, "too-large");
        HttpResponse<String> chunked = http.send(
                request("/api/v1/things", admin)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(
                                () -> new java.io.ByteArrayInputStream(long70k.getBytes(StandardCharsets.UTF_8))))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertProblem(chunked, 413, "too-large");
        HttpResponse<String> text = http.send(
                request("/api/v1/things", admin)
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertProblem(text, 415, "unsupported-media-type");
    }

    @Test
    void unexpectedFailureShowsNothingOfTheInside() throws Exception {
        HttpResponse<String> response = get("/api/v1/boom", tokens.access("key:a", Role.ADMIN));
        assertProblem(response, 500, "internal");
        assertThat(response.body()).doesNotContain("secret inside").doesNotContain("io.p2phost");
    }

    @Test
    void refusalCarriesItsMembers() throws Exception {
        HttpResponse<String> response = get("/api/v1/refused", tokens.access("key:a", Role.ADMIN));
        assertProblem(response, 422, "below-minimum");
        assertThat(Json.mapper().readTree(response.body()).get("errors").size()).isEqualTo(2);
    }

    @Test
    void pingSaysWhichPartsAreUp() throws Exception {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(get("/internal/v1/ping", null).body())
                        .contains("\"state\":\"UP\"")
                        .contains("\"kafka\":\"UP\"")
                        .contains("\"postgresql\":\"UP\""));
    }

    @Test
    void eventCommitsWithItsStateAndIsHandledOnce() throws Exception {
        change("thing-1", "first");
        change("thing-1", "roll back");
        change("thing-1", "second");
        SampleApplication.Seen seen = service.context().getBean(SampleApplication.Seen.class);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(causes(seen.once, "thing-1")).containsExactly("first", "second");
            assertThat(causes(seen.all, "thing-1")).containsExactly("first", "second");
        });
        assertThat(service.context()
                        .getBean(JdbcClient.class)
                        .sql("select version from things where id = 'thing-1'")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void outboxWithoutTransactionIsRefused() {
        Outbox outbox = service.context().getBean(Outbox.class);
        EventEnvelope<String> event =
                service.context().getBean(io.p2phost.kit.outbox.Envelopes.class).of("X", "x", 1, "x");
        assertThatThrownBy(() -> outbox.append(Topics.AUDIT, event))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without a transaction");
    }

    @Test
    void failingRecordIsRetriedAndPoisonIsSetAside() throws Exception {
        change("thing-2", "fails twice");
        change("thing-2", "poison");
        change("thing-2", "after");
        SampleApplication.Seen seen = service.context().getBean(SampleApplication.Seen.class);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(causes(seen.once, "thing-2")).containsExactly("fails twice", "after"));
        assertThat(deadLetters()).anyMatch(text -> text.contains("\"cause\":\"poison\""));
    }

    @Test
    void whatDoesNotMatterLeavesNoTrace() throws Exception {
        change("thing-3", "of no interest");
        change("thing-3", "of interest");
        SampleApplication.Seen seen = service.context().getBean(SampleApplication.Seen.class);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(causes(seen.once, "thing-3")).containsExactly("of interest");
            assertThat(causes(seen.all, "thing-3")).containsExactly("of no interest", "of interest");
        });
        List<String> ids = seen.all.stream()
                .filter(event -> event.aggregateId().equals("thing-3"))
                .map(EventEnvelope::eventId)
                .toList();
        List<String> kept = service.context()
                .getBean(org.springframework.jdbc.core.simple.JdbcClient.class)
                .sql("select event_id from consumed_events where subscription = 'once'")
                .query(String.class)
                .list();
        assertThat(kept).contains(ids.getLast()).doesNotContain(ids.getFirst());
    }

    @Test
    void orderPerKeyHoldsWithTwoInstancesPublishing() throws Exception {
        Map<String, String> database = TestService.databaseSettings(ServiceName.METRICS);
        try (TestService one = TestService.start(SampleApplication::start, ServiceName.METRICS, tokens, database);
                TestService two = TestService.start(SampleApplication::start, ServiceName.METRICS, tokens, database)) {
            int perKey = 40;
            List<String> keys = List.of("k-a", "k-b", "k-c", "k-d");
            for (int i = 0; i < perKey; i++) {
                for (String key : keys) {
                    TestService through = i % 2 == 0 ? one : two;
                    int n = i;
                    assertThat(post(
                                            through.url(),
                                            "/internal/v1/things/" + key,
                                            tokens.service(ServiceName.RELAY, ServiceName.METRICS),
                                            "{\"cause\":\"" + n + "\"}")
                                    .statusCode())
                            .isEqualTo(200);
                }
            }
            SampleApplication.Seen seen = one.context().getBean(SampleApplication.Seen.class);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < perKey; i++) {
                expected.add(String.valueOf(i));
            }
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                for (String key : keys) {
                    assertThat(causes(seen.all, key)).containsExactlyElementsOf(expected);
                }
            });
        }
    }

    @Test
    void serviceStartsWithoutKafkaAndCatchesUpWhenItComes() throws Exception {
        try (LateServer kafka = LateServer.at(TestInfra.shared().bootstrapServers());
                TestService late = TestService.start(
                        SampleApplication::start,
                        ServiceName.METRICS,
                        tokens,
                        Map.of("spring.kafka.bootstrap-servers", "127.0.0.1:" + kafka.port()))) {
            Subscriptions subscriptions = late.context().getBean(Subscriptions.class);
            assertThat(ping(late)).contains("\"kafka\":\"does not answer\"");
            assertThat(post(
                                    late.url(),
                                    "/internal/v1/things/early",
                                    tokens.service(ServiceName.RELAY, ServiceName.METRICS),
                                    "{\"cause\":\"before Kafka\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(subscriptions.caughtUp("all")).isFalse();

            kafka.open();

            SampleApplication.Seen seen = late.context().getBean(SampleApplication.Seen.class);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(subscriptions.caughtUp("all")).isTrue();
                assertThat(causes(seen.all, "early")).containsExactly("before Kafka");
            });
        }
    }

    @Test
    void serviceStopsWhileKafkaIsAway() {
        try (LateServer kafka = LateServer.at(TestInfra.shared().bootstrapServers())) {
            TestService late = TestService.start(
                    SampleApplication::start,
                    ServiceName.METRICS,
                    tokens,
                    Map.of("spring.kafka.bootstrap-servers", "127.0.0.1:" + kafka.port()));
            Subscriptions subscriptions = late.context().getBean(Subscriptions.class);

            late.close();

            assertThat(subscriptions.isRunning()).isFalse();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("events-start");
        }
    }

    private static List<String> causes(
            List<EventEnvelope<io.p2phost.contracts.event.AssignmentChanged>> events, String id) {
        return events.stream()
                .filter(e -> e.aggregateId().equals(id))
                .map(e -> e.data().cause())
                .toList();
    }

    private static List<String> deadLetters() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers",
                TestInfra.shared().bootstrapServers(),
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "group.id",
                "dead-letters",
                "auto.offset.reset",
                "earliest"))) {
            consumer.subscribe(List.of(Topics.deadLetter(Topics.ASSIGNMENTS)));
            List<String> found = new ArrayList<>();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(500))
                        .forEach(r -> found.add(new String(r.value(), StandardCharsets.UTF_8)));
                return !found.isEmpty();
            });
            return found;
        }
    }

    private static void change(String id, String cause) throws Exception {
        HttpResponse<String> response = post(
                "/internal/v1/things/" + id,
                tokens.service(ServiceName.RELAY, ServiceName.METRICS),
                "{\"cause\":\"" + cause + "\"}");
        assertThat(response.statusCode()).isEqualTo(200);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String slug) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(Json.mapper().readTree(response.body()).get("type").asString())
                .endsWith("/" + slug);
    }

    private static String ping(TestService of) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create(of.url() + "/internal/v1/ping"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return http.send(request(path, token).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String token, String body)
            throws IOException, InterruptedException {
        return post(service.url(), path, token, body);
    }

    private static HttpResponse<String> post(String base, String path, String token, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path, String token) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(service.url() + path));
        return token == null ? builder : builder.header("Authorization", "Bearer " + token);
    }
}
