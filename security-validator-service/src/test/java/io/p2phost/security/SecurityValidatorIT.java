package io.p2phost.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.Topics;
import io.p2phost.testkit.EventContracts;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.JsonNode;

/** The whole service on real PostgreSQL and Kafka. */
class SecurityValidatorIT {
    private static final Path SHIPPED = Path.of("..", "deploy", "config", "reference");
    private static final Fact HONEST = new Fact.MonsterStats(1002, 1, 50L);
    private static final Fact CHEAT = new Fact.MonsterStats(1002, 1, 5L);
    private static final Fact UNKNOWN = new Fact.MonsterStats(4_711, 1, 5L);

    @TempDir
    private static Path reference;

    private static TestTokens tokens;
    private static TestService service;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        copy(SHIPPED, reference);
        tokens = new TestTokens();
        service = TestService.start(
                SecurityValidatorApplication::start,
                ServiceName.SECURITY_VALIDATOR,
                tokens,
                Map.of(
                        "p2p.security.reference-dir",
                        reference.toString(),
                        "p2p.security.check-interval",
                        "200ms",
                        "p2p.security.gains.maps.[prt_fild01].zeny",
                        "0",
                        "p2p.security.late-per-minute",
                        "10"));
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        service.close();
        tokens.close();
        http.close();
    }

    @Test
    void threeFailuresInARowBlacklistTheHostOnce() {
        HostId host = HostId.random();
        List<JsonNode> accepted = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            accepted.add(post(observation(host, CHEAT)));
        }

        assertThat(accepted).extracting(a -> a.path("verdict").asString("")).containsOnly("FAILED");
        JsonNode strikes = get("/api/v1/validations/strikes/" + host, operator());
        assertThat(strikes.path("strikes").asInt()).isEqualTo(4);
        assertThat(strikes.path("limit").asInt()).isEqualTo(3);
        assertThat(strikes.path("blacklisted").asBoolean()).isTrue();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            List<JsonNode> verdicts = verdictsOf(host);
            assertThat(verdicts).hasSize(4);
            assertThat(verdicts)
                    .extracting(v -> v.path("data").path("strikes").asInt())
                    .containsExactly(1, 2, 3, 4);
            assertThat(verdicts)
                    .extracting(v -> v.path("data").path("blacklist").asBoolean())
                    .containsExactly(false, false, true, false);
            assertThat(verdicts)
                    .allSatisfy(v -> assertThat(EventContracts.faults(Topics.VERDICTS, v.toString()))
                            .isEmpty());
        });
    }

    @Test
    void refusalsThatNoHonestHostMeetsBlacklistAndTheOthersNeitherConvictNorClear() {
        HostId host = HostId.random();
        Fact forbidden = new Fact.Protocol(0x2b28, Fact.Protocol.Kind.FORBIDDEN, 1);
        Fact late = new Fact.Protocol(0x2b01, Fact.Protocol.Kind.NOT_ITS_PLAYER, 10);

        for (int i = 0; i < 3; i++) {
            send(observation(host, forbidden));
            send(observation(host, late));
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(verdictCount(host)).isEqualTo(6));
        JsonNode strikes = get("/api/v1/validations/strikes/" + host, operator());
        assertThat(strikes.path("strikes").asInt()).isEqualTo(3);
        assertThat(strikes.path("blacklisted").asBoolean()).isTrue();
        assertThat(post(observation(host, new Fact.Protocol(0x2b01, Fact.Protocol.Kind.NOT_ITS_PLAYER, 11)))
                        .path("verdict")
                        .asString())
                .as("more than players can leave behind")
                .isEqualTo("FAILED");
    }

    @Test
    void mapHasCeilingsOfItsOwn() {
        HostId host = HostId.random();
        Observation usual = observation(host, new Fact.Save(0, 0, 0, 0, 1, 600));
        Observation strict = new Observation(
                UUID.randomUUID().toString(),
                usual.source(),
                host,
                new MapName("prt_fild01"),
                usual.epoch(),
                usual.from(),
                usual.to(),
                usual.facts());

        assertThat(post(usual).path("verdict").asString()).isEqualTo("PASSED");
        assertThat(post(strict).path("verdict").asString()).isEqualTo("FAILED");
    }

    @Test
    void sixteenVantagePointsAtOnceBlacklistExactlyOnce() throws Exception {
        // All sixteen requests are held at a latch, so that their transactions meet at the host's row.
        HostId host = HostId.random();
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<JsonNode>> results = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                results.add(threads.submit(() -> {
                    go.await();
                    return post(observation(host, CHEAT));
                }));
            }
            go.countDown();
            for (Future<JsonNode> result : results) {
                assertThat(result.get().path("verdict").asString("")).isEqualTo("FAILED");
            }
        }

        JsonNode page = get("/api/v1/validations?hostId=" + host + "&limit=200", operator());
        assertThat(page.path("items")).hasSize(16);
        assertThat(page.path("items")
                        .valueStream()
                        .filter(v -> v.path("blacklist").asBoolean()))
                .hasSize(1);
        assertThat(page.path("items").valueStream().map(v -> v.path("strikes").asInt()))
                .containsExactlyElementsOf(
                        Stream.iterate(16, n -> n - 1).limit(16).toList());
    }

    @Test
    void aPassResetsAndAnInconclusiveVerdictDoesNeither() {
        HostId host = HostId.random();
        post(observation(host, CHEAT));
        post(observation(host, CHEAT));
        assertThat(post(observation(host, UNKNOWN)).path("verdict").asString(""))
                .isEqualTo("INCONCLUSIVE");
        assertThat(strikes(host)).isEqualTo(2);
        assertThat(post(observation(host, HONEST)).path("verdict").asString("")).isEqualTo("PASSED");
        assertThat(strikes(host)).isZero();
    }

    @Test
    void anObservationIsJudgedOnceWhicheverWayItComes() {
        HostId host = HostId.random();
        Observation observation = observation(host, CHEAT);
        send(observation);
        send(observation);
        await().atMost(Duration.ofSeconds(20)).until(() -> strikes(host) == 1);

        JsonNode again = post(observation);

        assertThat(again.path("verdict").isMissingNode()).isTrue();
        assertThat(strikes(host)).isEqualTo(1);
        assertThat(get("/api/v1/validations?hostId=" + host, operator()).path("items"))
                .hasSize(1);
    }

    @Test
    void observationsFromTheTopicThatArriveLateCountWhereTheyBelong() {
        HostId host = HostId.random();
        Instant now = Instant.now();
        send(observation(host, now.minusSeconds(10), CHEAT));
        send(observation(host, now.minusSeconds(5), CHEAT));
        send(observation(host, now.minusSeconds(20), HONEST));
        await().atMost(Duration.ofSeconds(20)).until(() -> verdictCount(host) == 3);

        assertThat(strikes(host)).isEqualTo(2);
    }

    @Test
    void poisonOnTheTopicIsSetAsideAndTheNextRecordIsJudged() {
        HostId host = HostId.random();
        String marker = "poison-" + UUID.randomUUID();
        Observation tooEarly = new Observation(
                marker, "agent", host, new MapName("prontera"), Epoch.of(1), Instant.now(), Instant.now(), List.of());
        sendRaw(host, ("{\"broken\":\"" + marker).getBytes(StandardCharsets.UTF_8));
        send(tooEarly);
        send(observation(host, HONEST));

        await().atMost(Duration.ofSeconds(20)).until(() -> verdictCount(host) == 1);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                records(Topics.deadLetter(Topics.OBSERVATIONS)).filter(r -> r.contains(marker)))
                        .hasSize(2));
    }

    @Test
    void liftingTheBlacklistGivesACleanSlate() {
        HostId host = HostId.random();
        for (int i = 0; i < 3; i++) {
            post(observation(host, CHEAT));
        }
        sendState(host, HostLifeState.READY, 1);
        sendState(host, HostLifeState.BLACKLISTED, 2);
        sendState(host, HostLifeState.OFFLINE, 3);

        await().atMost(Duration.ofSeconds(20)).until(() -> strikes(host) == 0);
        assertThat(get("/api/v1/validations/strikes/" + host, operator())
                        .path("blacklisted")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void aChangedReferenceIsTakenOverAndStoredEvidenceIsJudgedAgain() throws IOException {
        HostId host = HostId.random();
        Fact later = new Fact.Skill(9_001, 3);
        assertThat(post(observation(host, later)).path("verdict").asString("")).isEqualTo("FAILED");

        Files.createDirectories(reference.resolve("db/import"));
        Files.writeString(
                reference.resolve("db/pre-re/skill_db.yml"),
                Files.readString(reference.resolve("db/pre-re/skill_db.yml"))
                        + "  - Id: 9001\n    Name: CUSTOM\n    MaxLevel: 3\n");

        String body = "{\"hostId\":\"" + host + "\",\"limit\":10}";
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            HttpResponse<String> run = send("POST", "/api/v1/validations:run", operator(), body);
            assertThat(run.statusCode()).isEqualTo(200);
            JsonNode result = Json.mapper().readTree(run.body());
            assertThat(result.path("judged").asInt()).isEqualTo(1);
            assertThat(result.path("changed").asInt()).isEqualTo(1);
            assertThat(result.path("items")
                            .get(0)
                            .path("review")
                            .path("verdict")
                            .asString(""))
                    .isEqualTo("PASSED");
        });
        assertThat(strikes(host)).as("a review changes no strikes").isEqualTo(1);
    }

    @Test
    void listsAreFilteredAndPaged() {
        HostId host = HostId.random();
        post(observation(host, CHEAT));
        post(observation(host, HONEST));
        post(observation(host, CHEAT));

        JsonNode first = get("/api/v1/validations?hostId=" + host + "&limit=2", operator());
        assertThat(first.path("items").valueStream().map(v -> v.path("verdict").asString("")))
                .containsExactly("FAILED", "PASSED");
        JsonNode second = get(
                "/api/v1/validations?hostId=" + host + "&limit=2&cursor="
                        + first.path("nextCursor").asString(""),
                operator());
        assertThat(second.path("items")).hasSize(1);
        assertThat(second.path("nextCursor").isMissingNode()).isTrue();
        assertThat(get("/api/v1/validations?hostId=" + host + "&verdict=FAILED", operator())
                        .path("items"))
                .hasSize(2);
        JsonNode one = get(
                "/api/v1/validations/"
                        + first.path("items").get(0).path("validationId").asString(""),
                operator());
        assertThat(one.path("facts").get(0).path("family").asString("")).isEqualTo("MONSTER_STATS");
    }

    @Test
    void aHostSeesItsOwnVerdictsOnly() {
        HostId host = HostId.random();
        HostId other = HostId.random();
        post(observation(host, CHEAT));
        JsonNode foreign = get("/api/v1/validations?hostId=" + host, operator());
        String id = foreign.path("items").get(0).path("validationId").asString("");
        String own = tokens.access(host.value(), Role.HOST);
        String stranger = tokens.access(other.value(), Role.HOST);

        assertThat(get("/api/v1/validations", own).path("items")).hasSize(1);
        assertThat(get("/api/v1/validations", stranger).path("items")).isEmpty();
        assertThat(status("GET", "/api/v1/validations?hostId=" + host, stranger))
                .isEqualTo(403);
        assertThat(status("GET", "/api/v1/validations/" + id, own)).isEqualTo(200);
        assertThat(status("GET", "/api/v1/validations/" + id, stranger)).isEqualTo(404);
        assertThat(status("GET", "/api/v1/validations/strikes/" + host, own)).isEqualTo(200);
        assertThat(status("GET", "/api/v1/validations/strikes/" + host, stranger))
                .isEqualTo(403);
        assertThat(status("POST", "/api/v1/validations:run", own)).isEqualTo(403);
        assertThat(status("GET", "/api/v1/validations", null)).isEqualTo(401);
        assertThat(status("GET", "/api/v1/validations", tokens.access("p", Role.PLAYER)))
                .isEqualTo(403);
    }

    @Test
    void relaysReadTheNewestVerdictsOfOneHostOrOfAllAndNobodyElseDoesThere() {
        HostId host = HostId.random();
        post(observation(host, CHEAT));
        post(observation(host, HONEST));
        String relay = tokens.service(ServiceName.RELAY, ServiceName.SECURITY_VALIDATOR);

        JsonNode own = get("/internal/v1/validations?hostId=" + host, relay);
        assertThat(own.path("items").valueStream().map(v -> v.path("verdict").asString()))
                .containsExactly("PASSED", "FAILED");
        assertThat(get("/internal/v1/validations?limit=1", relay).path("items")).hasSize(1);
        assertThat(status("GET", "/internal/v1/validations", operator())).isEqualTo(403);
        assertThat(status(
                        "GET",
                        "/internal/v1/validations",
                        tokens.service(ServiceName.METRICS, ServiceName.SECURITY_VALIDATOR)))
                .isEqualTo(403);
    }

    @Test
    void badInputIsRefusedWithAProblemDocument() {
        String relay = tokens.service(ServiceName.RELAY, ServiceName.SECURITY_VALIDATOR);
        String good = Json.mapper().writeValueAsString(observation(HostId.random(), HONEST));
        problem(400, send("POST", "/internal/v1/observations", relay, "{"), "malformed-request");
        problem(
                400,
                send("POST", "/internal/v1/observations", relay, good.replace("\"relay\"", "\"db-proxy\"")),
                "invalid-value");
        problem(
                400,
                send("POST", "/internal/v1/observations", relay, good.replace("MONSTER_STATS", "NONE")),
                "malformed-request");
        problem(
                400,
                send("POST", "/internal/v1/observations", relay, good.replace(":1002", ":\"1002\"")),
                "malformed-request");
        problem(400, send("POST", "/internal/v1/observations", relay, good.replace(":1002", ":-1")), "invalid-value");
        problem(400, send("POST", "/internal/v1/observations", relay, "{}"), "invalid-value");
        problem(
                403,
                send(
                        "POST",
                        "/internal/v1/observations",
                        tokens.service(ServiceName.METRICS, ServiceName.SECURITY_VALIDATOR),
                        good),
                "forbidden");
        problem(
                401,
                send("POST", "/internal/v1/observations", tokens.service(ServiceName.RELAY, ServiceName.METRICS), good),
                "unauthenticated");
        problem(403, send("POST", "/internal/v1/observations", operator(), good), "forbidden");
        problem(400, send("GET", "/api/v1/validations?hostId=me", operator(), null), "invalid-value");
        problem(400, send("GET", "/api/v1/validations?verdict=GUILTY", operator(), null), "invalid-value");
        problem(400, send("GET", "/api/v1/validations?cursor=x", operator(), null), "invalid-value");
        problem(400, send("GET", "/api/v1/validations?limit=0", operator(), null), "invalid-value");
        problem(400, send("GET", "/api/v1/validations?limit=201", operator(), null), "invalid-value");
        problem(404, send("GET", "/api/v1/validations/none", operator(), null), "not-found");
        problem(405, send("DELETE", "/api/v1/validations", operator(), null), "method-not-allowed");
    }

    private static void problem(int status, HttpResponse<String> response, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(Json.mapper().readTree(response.body()).path("type").asString(""))
                .endsWith("/" + type);
        assertThat(response.body()).doesNotContain("io.p2phost").doesNotContain("\tat ");
    }

    private static Observation observation(HostId host, Fact fact) {
        return observation(host, Instant.now(), fact);
    }

    private static Observation observation(HostId host, Instant to, Fact fact) {
        return new Observation(
                UUID.randomUUID().toString(),
                "relay",
                host,
                new MapName("prt_fild08"),
                Epoch.of(1),
                to.minusSeconds(1),
                to,
                List.of(fact));
    }

    private static String operator() {
        return tokens.access("key:op", Role.OPERATOR);
    }

    private static int strikes(HostId host) {
        return get("/api/v1/validations/strikes/" + host, operator())
                .path("strikes")
                .asInt();
    }

    private static int verdictCount(HostId host) {
        return get("/api/v1/validations?hostId=" + host, operator())
                .path("items")
                .size();
    }

    private static JsonNode post(Observation observation) {
        HttpResponse<String> response = send(
                "POST",
                "/internal/v1/observations",
                tokens.service(ServiceName.RELAY, ServiceName.SECURITY_VALIDATOR),
                Json.mapper().writeValueAsString(observation));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return Json.mapper().readTree(response.body());
    }

    private static JsonNode get(String path, String token) {
        HttpResponse<String> response = send("GET", path, token, null);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.mapper().readTree(response.body());
    }

    private static int status(String method, String path, String token) {
        return send(method, path, token, null).statusCode();
    }

    private static HttpResponse<String> send(String method, String path, String token, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.url() + path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void send(Observation observation) {
        EventEnvelope<Observation> event = new EventEnvelope<>(
                UUID.randomUUID().toString(),
                Observation.TYPE,
                1,
                Instant.now(),
                observation.hostId().value(),
                0,
                null,
                observation);
        sendRaw(observation.hostId(), Json.mapper().writeValueAsBytes(event));
    }

    private static void sendState(HostId host, HostLifeState state, long version) {
        HostStateChanged data = new HostStateChanged(
                host, 1, "h", "eu", state, 1, 3.0, 4, 8, 100, 4, null, null, null, null, null, null, null);
        EventEnvelope<HostStateChanged> event = new EventEnvelope<>(
                UUID.randomUUID().toString(),
                HostStateChanged.TYPE,
                1,
                Instant.now(),
                host.value(),
                version,
                null,
                data);
        template()
                .send(
                        Topics.HOST_STATE,
                        host.value().getBytes(StandardCharsets.UTF_8),
                        Json.mapper().writeValueAsBytes(event))
                .join();
    }

    private static void sendRaw(HostId key, byte[] value) {
        template()
                .send(Topics.OBSERVATIONS, key.value().getBytes(StandardCharsets.UTF_8), value)
                .join();
    }

    @SuppressWarnings("unchecked")
    private static KafkaTemplate<byte[], byte[]> template() {
        return (KafkaTemplate<byte[], byte[]>) service.context().getBean("eventTemplate", KafkaTemplate.class);
    }

    private static List<JsonNode> verdictsOf(HostId host) {
        return records(Topics.VERDICTS)
                .filter(r -> r.contains(host.value()))
                .map(r -> Json.mapper().readTree(r))
                .toList();
    }

    /** Everything on a topic right now; a key's records are in order. */
    private static Stream<String> records(String topic) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                TestInfra.shared().bootstrapServers(),
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(new String(record.value(), StandardCharsets.UTF_8));
                }
            }
        }
        return values.stream();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
