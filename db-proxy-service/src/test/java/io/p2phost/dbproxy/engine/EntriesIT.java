package io.p2phost.dbproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.DbProxyApplication;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A relay at the whole db-proxy, whose char-server is away. */
class EntriesIT {
    private static final String ENTRY =
            "{\"relayId\":\"relay-1\",\"clientIp\":\"203.0.113.7\",\"accountId\":2000001,\"characterId\":150001,"
                    + "\"loginId1\":-5,\"sex\":1}";

    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static TestService dbProxy;

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        Map<String, String> settings = new HashMap<>(TestService.databaseSettings(ServiceName.DB_PROXY));
        settings.put("p2p.db-proxy.port", "0");
        settings.put("p2p.db-proxy.vps.port", "0");
        dbProxy = TestService.start(DbProxyApplication::start, ServiceName.DB_PROXY, tokens, settings);
    }

    @AfterAll
    static void stop() {
        dbProxy.close();
        tokens.close();
    }

    @Test
    void nobodyIsLetInUncheckedAndTheRelayIsToldWhatToShow() throws Exception {
        HttpResponse<String> answer = post("entries", ENTRY, ServiceName.RELAY);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode decision = Json.mapper().readTree(answer.body());
        assertThat(decision.get("decision").asString()).isEqualTo("REFUSED");
        assertThat(decision.get("code").asInt()).isEqualTo(1);
        assertThat(decision.get("detail").asString()).contains("away");
        assertThat(decision.has("owner")).isFalse();
    }

    @Test
    void signalsAreTaken() throws Exception {
        for (String kind : new String[] {"RESTART", "GONE"}) {
            String signal =
                    "{\"relayId\":\"relay-1\",\"accountId\":2000001,\"sessionNumber\":3,\"kind\":\"" + kind + "\"}";
            assertThat(post("player-signals", signal, ServiceName.RELAY).statusCode())
                    .isEqualTo(204);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "entries|{\"relayId\":\"relay-1\"}|clientIp: missing (expected: an IPv4 address)",
                "entries|{\"relayId\":\"r\",\"clientIp\":\"::1\"}|clientIp: '::1' (expected: an IPv4 address)",
                "entries|{\"relayId\":\"r\",\"clientIp\":\"1.2.3\"}|(expected: an IPv4 address)",
                "entries|{\"relayId\":\"r\",\"clientIp\":\"1.2.3.256\"}|(expected: an IPv4 address)",
                "entries|{\"relayId\":\"\",\"clientIp\":\"1.2.3.4\"}|relayId: '' (expected: 1 to 200 characters)",
                "entries|{\"relayId\":\"r\",\"clientIp\":\"1.2.3.4\"}|accountId: missing (expected: an integer)",
                "entries|{\"relayId\":\"r\",\"clientIp\":\"1.2.3.4\",\"accountId\":1,\"characterId\":1,\"loginId1\":1,\"sex\":300}|sex: 300 (expected: 0 to 255)",
                "entries|{\"relayId\":\"r\",\"clientIp\":\"1.2.3.4\",\"accountId\":99999999999}|accountId",
                "player-signals|{\"relayId\":\"r\",\"accountId\":1,\"kind\":\"DANCE\"}|kind: 'DANCE' (expected: RESTART, GONE, WALKED, GIVES, GAVE or TOOK)",
                "player-signals|{\"relayId\":\"r\",\"accountId\":1}|kind: missing (expected: RESTART, GONE, WALKED, GIVES, GAVE or TOOK)",
                "player-signals|{\"relayId\":\"r\",\"accountId\":1,\"kind\":\"GONE\"}|sessionNumber: missing (expected: an integer)",
                "player-signals|{\"relayId\":\"r\",\"accountId\":1,\"kind\":\"GIVES\"}|sessionNumber: missing (expected: an integer)",
                "player-signals|{\"relayId\":\"r\",\"accountId\":1,\"sessionNumber\":1,\"kind\":\"WALKED\"}|map: missing (expected: the name of a map)",
                "player-signals|{\"relayId\":\"r\",\"accountId\":1,\"sessionNumber\":1,\"kind\":\"WALKED\",\"map\":\"m\",\"x\":1024,\"y\":1}|x: 1024 (expected: 0 to 1023)",
            })
    void badRequestsSayWhatWasExpected(String path, String body, String detail) throws Exception {
        HttpResponse<String> answer = post(path, body, ServiceName.RELAY);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(Json.mapper().readTree(answer.body()).get("detail").asString())
                .contains(detail.replace('\'', '"'));
    }

    @Test
    void nobodyGivesWhoIsNotInPlay() throws Exception {
        String body = "{\"relayId\":\"r\",\"accountId\":1,\"sessionNumber\":1,\"kind\":\"%s\"}";
        HttpResponse<String> gives = post("player-signals", body.formatted("GIVES"), ServiceName.RELAY);
        assertThat(gives.statusCode()).as(gives.body()).isEqualTo(409);
        for (String word : new String[] {"GAVE", "TOOK"}) {
            assertThat(post("player-signals", body.formatted(word), ServiceName.RELAY)
                            .statusCode())
                    .isEqualTo(204);
        }
    }

    @Test
    void onlyRelaysMayAsk() throws Exception {
        for (ServiceName other : new ServiceName[] {ServiceName.GATEWAY, ServiceName.MAP_ASSIGNMENT}) {
            assertThat(post("entries", ENTRY, other).statusCode()).isEqualTo(403);
            assertThat(post("player-signals", "{}", other).statusCode()).isEqualTo(403);
        }
    }

    private static HttpResponse<String> post(String path, String body, ServiceName from) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(dbProxy.url() + "/internal/v1/" + path))
                        .header("Authorization", "Bearer " + tokens.service(from, ServiceName.DB_PROXY))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
