package io.p2phost.dbproxy.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.Topics;
import io.p2phost.dbproxy.DbProxyApplication;
import io.p2phost.testkit.EventContracts;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two instances of db-proxy on one real database: the store's contract, the HTTP interface, the events. */
class OwnershipIT extends MapOwnersContract {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static TestService one;
    private static TestService two;

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        Map<String, String> database = new HashMap<>(TestService.databaseSettings(ServiceName.DB_PROXY));
        database.put("p2p.db-proxy.port", "0");
        database.put("p2p.db-proxy.vps.port", "0");
        one = TestService.start(DbProxyApplication::start, ServiceName.DB_PROXY, tokens, database);
        two = TestService.start(DbProxyApplication::start, ServiceName.DB_PROXY, tokens, database);
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
        tokens.close();
    }

    @Override
    List<MapOwners> instances() {
        return List.of(one.context().getBean(MapOwners.class), two.context().getBean(MapOwners.class));
    }

    @Test
    void winnerIsToldTheEpochAndTheLoserTheRowInEffect() throws Exception {
        HttpResponse<String> won = put("/internal/v1/owners/http_map", owner(0, "ENTRY"));
        assertThat(won.statusCode()).as(won.body()).isEqualTo(200);
        assertThat(Json.mapper().readTree(won.body()).get("epoch").asLong()).isEqualTo(1);
        HttpResponse<String> lost = put("/internal/v1/owners/http_map", owner(0, "ENTRY"));
        assertThat(lost.statusCode()).isEqualTo(409);
        assertThat(Json.mapper().readTree(lost.body()).get("epoch").asLong()).isEqualTo(1);
        assertThat(Json.mapper().readTree(lost.body()).at("/owner/id").asString())
                .isEqualTo("reserve");
        assertThat(lost.body()).contains("/problems/stale-epoch");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bad_body|{\"cause\":\"X\"}|400",
                "bad_body|{\"fromEpoch\":-1,\"cause\":\"X\"}|400",
                "bad_body|{\"fromEpoch\":\"0\",\"cause\":\"X\"}|400",
                "bad_body|{\"fromEpoch\":0}|400",
                "bad_body|{\"fromEpoch\":0,\"cause\":\"X\",\"owner\":{\"kind\":\"HOST\",\"id\":\"nobody\"}}|400",
                "bad_body|{\"fromEpoch\":0,\"cause\":\"X\",\"owner\":{\"kind\":\"VPS\",\"id\":\"v\"}}|400",
                "bad_body|{\"fromEpoch\":0,\"cause\":\"X\",\"owner\":{\"kind\":\"HOST\",\"id\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\"}}|409",
                "BAD!|{\"fromEpoch\":0,\"cause\":\"X\"}|400",
                "far_too_long_name|{\"fromEpoch\":0,\"cause\":\"X\",\"owner\":{\"kind\":\"VPS\",\"id\":\"v\",\"address\":\"a:1\"}}|422",
            })
    void badRequestsAreRefusedAndChangeNothing(String map, String body, int status) throws Exception {
        HttpResponse<String> response = put("/internal/v1/owners/" + map.replace("!", "%21"), body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(instances().getFirst().find(new MapName("bad_body"))).isEmpty();
    }

    @Test
    void onlyAssignmentMayChangeOwners() throws Exception {
        for (ServiceName other : List.of(ServiceName.GATEWAY, ServiceName.RELAY, ServiceName.METRICS)) {
            assertThat(send("PUT", "/internal/v1/owners/prt_fild01", owner(0, "X"), other)
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void changeAndItsEventsCommitTogetherAndFitTheirSchemas() throws Exception {
        put("/internal/v1/owners/event_map", owner(0, "FIRST"));
        put("/internal/v1/owners/event_map", "{\"fromEpoch\":1,\"cause\":\"RELEASED\"}");
        put("/internal/v1/owners/event_map", owner(0, "STALE"));
        List<String> events = consume(Topics.ASSIGNMENTS, "event_map", 2);
        assertThat(events)
                .allSatisfy(e ->
                        assertThat(EventContracts.faults(Topics.ASSIGNMENTS, e)).isEmpty());
        assertThat(events)
                .extracting(e -> Json.mapper().readTree(e).at("/data/epoch").asLong())
                .containsExactly(1L, 2L);
        List<String> audits = consume(Topics.AUDIT, "service:map-assignment", 2);
        assertThat(audits)
                .allSatisfy(
                        e -> assertThat(EventContracts.faults(Topics.AUDIT, e)).isEmpty());
    }

    @Test
    void relaysAreToldAndASlowOneHoldsNobodyUp() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        CountDownLatch release = new CountDownLatch(1);
        HttpServer quick = relay(received, new CountDownLatch(0));
        HttpServer slow = relay(new ArrayList<>(), release);
        try {
            announce("quick", quick.getAddress().getPort());
            announce("slow", slow.getAddress().getPort());
            announce("dead", 1);
            HttpResponse<String> answer = put("/internal/v1/owners/pushed_map", owner(0, "ENTRY"));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Json.mapper().readTree(answer.body()).get("routes").size())
                    .isEqualTo(1);
            assertThat(Json.mapper()
                            .readTree(answer.body())
                            .at("/routes/0/port")
                            .asInt())
                    .isEqualTo(7001);
            assertThat(received)
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("\"epoch\":1")
                    .contains("reserve");
            HttpResponse<String> pulled = announce("slow", slow.getAddress().getPort());
            assertThat(pulled.body())
                    .as("what the push did not bring, the pull does")
                    .contains("pushed_map");
        } finally {
            release.countDown();
            quick.stop(0);
            slow.stop(0);
        }
    }

    private static HttpServer relay(List<String> received, CountDownLatch answerAfter) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/internal/v1/routes/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            try {
                answerAfter.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body =
                    "{\"host\":\"127.0.0.1\",\"port\":7001,\"tunnelConnected\":false}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static HttpResponse<String> announce(String relayId, int port) throws Exception {
        HttpResponse<String> response = send(
                "PUT",
                "/internal/v1/relays/" + relayId,
                "{\"region\":\"EU\",\"host\":\"127.0.0.1\",\"apiUrl\":\"http://127.0.0.1:" + port + "\"}",
                ServiceName.RELAY);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response;
    }

    private static String owner(long from, String cause) {
        return "{\"fromEpoch\":" + from + ",\"cause\":\"" + cause
                + "\",\"owner\":{\"kind\":\"VPS\",\"id\":\"reserve\",\"address\":\"127.0.0.1:5131\"}}";
    }

    private static HttpResponse<String> put(String path, String body) throws Exception {
        return send("PUT", path, body, ServiceName.MAP_ASSIGNMENT);
    }

    private static HttpResponse<String> send(String method, String path, String body, ServiceName from)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(one.url() + path))
                        .header("Authorization", "Bearer " + tokens.service(from, ServiceName.DB_PROXY))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> consume(String topic, String key, int expected) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers",
                TestInfra.shared().bootstrapServers(),
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class,
                "group.id",
                "ownership-it-" + topic,
                "auto.offset.reset",
                "earliest"))) {
            consumer.subscribe(List.of(topic));
            List<String> found = new ArrayList<>();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(300)).forEach(r -> {
                    if (key.equals(r.key())) {
                        found.add(r.value());
                    }
                });
                return found.size() >= expected;
            });
            return found;
        }
    }
}
