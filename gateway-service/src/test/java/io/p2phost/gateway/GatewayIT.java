package io.p2phost.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.ApiKeyFormat;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The whole gateway with stand-ins for the services behind it. */
class GatewayIT {
    private static final String OWN = "5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11";
    private static final String OTHER = "0a0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d22";
    private static final Duration TOTAL = Duration.ofMillis(1_500);
    /** The test kit brings drivers that the gateway itself does not have. */
    private static final String NO_DATABASE = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
            + "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration";

    private static final StandIn registry = new StandIn();
    private static final StandIn assignment = new StandIn();
    private static final StandIn validator = new StandIn();
    private static final Map<String, Role> keys = new ConcurrentHashMap<>();

    private static TestTokens tokens;
    private static TestService gateway;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        tokens = new TestTokens();
        prepareRegistry();
        gateway = TestService.start(GatewayApplication::start, ServiceName.GATEWAY, tokens, settings(Map.of()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        http.close();
        tokens.close();
        Stream.of(registry, assignment, validator).forEach(StandIn::close);
    }

    /** The registry's part in this: its public keys, and the exchange of API keys. */
    private static void prepareRegistry() {
        registry.on(
                "/internal/v1/jwks",
                (exchange, body) -> StandIn.json(200, jwks()).to(exchange, body));
        registry.on("/internal/v1/tokens", (exchange, body) -> {
            String key = Json.mapper().readTree(body).path("apiKey").asString("");
            Role role = keys.get(key);
            if (role == null) {
                StandIn.text(401, "application/problem+json", "{\"status\":401}")
                        .to(exchange, body);
                return;
            }
            String token = tokens.access("key:" + ApiKeyFormat.idOf(key), role);
            Instant end = Instant.now().plusSeconds(300);
            StandIn.json(200, "{\"token\":\"" + token + "\",\"expiresAt\":\"" + end + "\"}")
                    .to(exchange, body);
        });
    }

    private static String jwks() {
        return send(HttpRequest.newBuilder(URI.create(tokens.registryUrl() + "/internal/v1/jwks"))
                        .build())
                .body();
    }

    private static Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spring.autoconfigure.exclude", NO_DATABASE);
        settings.put("p2p.services.host-registry", registry.url());
        settings.put("p2p.services.map-assignment", assignment.url());
        settings.put("p2p.services.security-validator", validator.url());
        settings.put("p2p.services.metrics", "http://127.0.0.1:" + closedPort());
        settings.put("p2p.services.db-proxy", "http://127.0.0.1:" + closedPort());
        settings.put("p2p.gateway.keys.remember", "1s");
        settings.put("p2p.gateway.keys.remember-refused", "200ms");
        settings.put("p2p.gateway.deadlines.total", TOTAL.toMillis() + "ms");
        settings.put("p2p.gateway.deadlines.entries", "400ms");
        settings.put("p2p.gateway.breaker.open", "1s");
        settings.put("p2p.gateway.breaker.places", "8");
        settings.put("p2p.gateway.max-response", "100KB");
        settings.put("p2p.gateway.limits.address-per-second", "1000");
        settings.put("p2p.gateway.limits.address-burst", "10000");
        settings.putAll(more);
        return settings;
    }

    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- who may pass

    /** Columns: ADMIN, OPERATOR, VIEWER, the HOST that the path names, another HOST, PLAYER, nobody. */
    static Stream<String> endpoints() {
        return """
                POST   /enrolments                        x x . . . . .
                GET    /enrolments                        x x x . . . .
                POST   /enrolments/ABCD-1234:redeem       x x x x x x x
                POST   /auth/token                        x x x x x x x
                GET    /hosts                             x x x . . . .
                GET    /hosts/{host}                      x x x x . . .
                GET    /hosts/{host}/requirements         x x x x . . .
                POST   /hosts/{host}:drain                x x . . . . .
                POST   /hosts/{host}:blacklist            x x . . . . .
                POST   /hosts/{host}%3Ablacklist          x x . . . . .
                POST   /hosts/{host}/certificates         . . . x . . .
                PUT    /hosts/{host}/session              . . . x . . .
                DELETE /hosts/{host}/session              . . . x . . .
                PUT    /hosts/{host}/heartbeat            . . . x . . .
                DELETE /hosts/{host}                      . . . x . . .
                GET    /api-keys                          x . . . . . .
                POST   /api-keys                          x . . . . . .
                DELETE /api-keys/abc                      x . . . . . .
                POST   /signing-keys:rotate               x . . . . . .
                GET    /relays?near=1.2.3.4               x x x x x x .
                GET    /bundles                           x x x . . . .
                PUT    /bundles/v1                        x x . . . . .
                POST   /bundles/v1:commit                 x x . . . . .
                POST   /bundles/v1:rollback               x x . . . . .
                DELETE /bundles/v1                        x x . . . . .
                GET    /bundles/v1/manifest               x x x x x . .
                GET    /bundle-release                    x x x x x . .
                PUT    /bundle-chunks/00ff                x x . . . . .
                GET    /bundle-chunks/00ff                x x x x x . .
                GET    /maps                              x x x . . . .
                HEAD   /maps                              x x x . . . .
                GET    /maps/prontera                     x x x . . . .
                GET    /maps/prontera/explain             x x x . . . .
                POST   /maps/prontera/entries             x x . . . x .
                POST   /maps/prontera:migrate             x x . . . . .
                PUT    /maps/prontera                     x x . . . . .
                GET    /assignments                       x x x . . . .
                GET    /config                            x x x . . . .
                GET    /config/p2p_map_config.conf        x x x . . . .
                PUT    /config/p2p_map_config.conf        x x . . . . .
                GET    /vps                               x x x . . . .
                PUT    /vps/v1                            x x . . . . .
                DELETE /vps/v1                            x x . . . . .
                GET    /status                            x x x . . . .
                POST   /control:emergency-failover        x x . . . . .
                GET    /validations                       x x x x x . .
                GET    /validations/v1                    x x x x x . .
                GET    /validations/strikes/{host}        x x x x . . .
                POST   /validations:run                   x x . . . . .
                """.lines();
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void eachRolePassesWhereTheTableSaysSoAndNowhereElse(String row) {
        String[] columns = row.strip().split("\\s+");
        String method = columns[0];
        String path = "/api/v1" + columns[1].replace("{host}", OWN);
        List<String> callers = Arrays.asList(
                tokens.access("key:a", Role.ADMIN),
                tokens.access("key:o", Role.OPERATOR),
                tokens.access("key:v", Role.VIEWER),
                tokens.access(OWN, Role.HOST),
                tokens.access(OTHER, Role.HOST),
                tokens.access("key:p", Role.PLAYER),
                null);
        for (int i = 0; i < callers.size(); i++) {
            int before = reached();
            HttpResponse<String> response = send(method, path, callers.get(i), bodyFor(method, path));
            boolean passes = columns[2 + i].equals("x");
            assertThat(response.statusCode())
                    .as("%s, column %d: %s", row, i, response.body())
                    .isEqualTo(passes ? 200 : callers.get(i) == null ? 401 : 403);
            assertThat(reached() - before).as("calls passed on").isEqualTo(passes ? 1 : 0);
            if (!passes) {
                problem(response, callers.get(i) == null ? "unauthenticated" : "forbidden");
            }
        }
    }

    @Test
    void aPathWithoutARowIsOpenToStaffAlone() {
        String path = "/api/v1/hosts/" + OWN + "/new-thing";
        assertThat(send("GET", path, tokens.access(OWN, Role.HOST), null).statusCode())
                .isEqualTo(403);
        assertThat(send("GET", path, tokens.access("p", Role.PLAYER), null).statusCode())
                .isEqualTo(403);
        assertThat(send("GET", path, viewer(), null).statusCode()).isEqualTo(200);
        assertThat(send("PUT", path, viewer(), "{}").statusCode()).isEqualTo(403);
        assertThat(send("PUT", path, tokens.access("o", Role.OPERATOR), "{}").statusCode())
                .isEqualTo(200);
    }

    // ---- tokens and keys

    @Test
    void forgedAndForeignTokensAreRefused() throws Exception {
        JsonNode jwk = Json.mapper().readTree(jwks()).path("keys").get(0);
        String keyId = jwk.path("kid").asString("");
        String good = tokens.access("key:a", Role.ADMIN);
        String[] parts = good.split("\\.");
        Map<String, String> attacks = new LinkedHashMap<>();
        attacks.put("expired", tokens.expiredAccess("key:a", Role.ADMIN));
        attacks.put("signed by another key", tokens.forgedAccess("key:a", Role.ADMIN));
        attacks.put("alg none", encode("{\"alg\":\"none\",\"typ\":\"p2p-access+jwt\"}") + "." + parts[1] + ".");
        attacks.put(
                "alg none with the key's id",
                encode("{\"alg\":\"none\",\"kid\":\"" + keyId + "\",\"typ\":\"p2p-access+jwt\"}") + "." + parts[1] + "."
                        + parts[2]);
        attacks.put("HS256 with the public key as secret", hs256(parts[1], keyId, jwk));
        attacks.put("signature cut off", parts[0] + "." + parts[1] + ".");
        attacks.put("signature changed", parts[0] + "." + parts[1] + "." + flipped(parts[2]));
        attacks.put(
                "claims changed", parts[0] + "." + encode(decode(parts[1]).replace("key:a", "key:b")) + "." + parts[2]);
        attacks.put("own key in the header", ownKeyInHeader(parts[1]));
        attacks.put("a service's token for the gateway", tokens.service(ServiceName.RELAY, ServiceName.GATEWAY));
        attacks.put("a service's token for another", tokens.service(ServiceName.GATEWAY, ServiceName.HOST_REGISTRY));
        attacks.put("role SERVICE", tokens.access("gateway", Role.SERVICE));
        attacks.put("no role", tokens.access("key:a"));
        attacks.put("empty", "");
        attacks.put("nonsense", "a.b.c");
        attacks.put("five parts", "a.b.c.d.e");
        attacks.put("long", "a".repeat(5_000));
        attacks.put("an API key that nobody has", ApiKeyFormat.generate(new SecureRandom()));
        attacks.forEach((name, token) -> {
            int before = reached();
            HttpResponse<String> response = send("GET", "/api/v1/hosts", token, null);
            assertThat(response.statusCode()).as(name).isEqualTo(401);
            problem(response, "unauthenticated");
            assertThat(reached()).as(name).isEqualTo(before);
        });
        assertThat(send("GET", "/api/v1/hosts", good, null).statusCode()).isEqualTo(200);
    }

    @Test
    void twoCredentialsOrAnotherSchemeAreRefused() {
        String header = "Authorization: Bearer " + viewer() + "\r\n";
        assertThat(raw("GET /api/v1/hosts HTTP/1.1\r\nHost: x\r\n" + header + header + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
        assertThat(raw("GET /api/v1/hosts HTTP/1.1\r\nHost: x\r\n" + header.replace("Bearer", "Basic")
                        + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void anApiKeyIsExchangedOnceAndTheServiceSeesATokenInstead() {
        String key = newKey(Role.VIEWER);
        for (int i = 0; i < 10; i++) {
            assertThat(send("GET", "/api/v1/hosts", key, null).statusCode()).isEqualTo(200);
        }
        assertThat(registry.seen())
                .filteredOn(
                        s -> s.uri().equals("/internal/v1/tokens") && s.body().contains(key))
                .hasSizeBetween(1, 2);
        assertThat(registry.last().headers().getFirst("Authorization"))
                .startsWith("Bearer ey")
                .doesNotContain(key);
        assertThat(send("POST", "/api/v1/enrolments", key, "{}").statusCode()).isEqualTo(403);
    }

    @Test
    void aRevokedKeyStopsWorkingWhenItsAnswerIsForgotten() {
        String key = newKey(Role.VIEWER);
        assertThat(send("GET", "/api/v1/hosts", key, null).statusCode()).isEqualTo(200);
        keys.remove(key);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> send("GET", "/api/v1/hosts", key, null).statusCode() == 401);
    }

    @Test
    void credentialsOnAnAnonymousPathAreNotPassedOn() {
        send("POST", "/api/v1/enrolments/X:redeem", tokens.access("key:a", Role.ADMIN), "{}");
        assertThat(registry.last().uri()).isEqualTo("/api/v1/enrolments/X:redeem");
        assertThat(registry.last().headers()).doesNotContainKey("Authorization");
    }

    @Test
    void withoutTheRegistryAnUnknownKeyGetsAnAnswerThatSaysSo() {
        registry.on("/internal/v1/tokens", StandIn.text(500, "text/plain", "boom"));
        try {
            HttpResponse<String> response = send("GET", "/api/v1/hosts", newKey(Role.VIEWER), null);
            assertThat(response.statusCode()).isEqualTo(503);
            problem(response, "unavailable");
            assertThat(response.body()).contains("host-registry");
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
        } finally {
            prepareRegistry();
        }
    }

    // ---- paths

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/internal/v1/tokens",
                "/internal/v1/ping",
                "/internal/v1/jwks",
                "/actuator/health",
                "/actuator",
                "/error",
                "/",
                "/api/v1",
                "/api/v1/",
                "/api/v1/internal/v1/tokens",
                "/api/v1/unknown",
                "/api/v1/../../internal/v1/tokens",
                "/api/v1/hosts/../../../internal/v1/tokens",
                "/api/v1/hosts/..;/..;/internal/v1/tokens",
                "/api/v1/%2e%2e/%2e%2e/internal/v1/tokens",
                "/api/v1/hosts/%2e%2e/maps",
                "/api/v1/..%2f..%2finternal/v1/tokens",
                "/api/v1%2fhosts",
                "/api/v1/hosts%2f..%2fmaps",
                "/api/v1/hosts;/x",
                "/api/v1;/hosts",
                "/;/internal/v1/tokens",
                "//internal/v1/tokens",
                "/api//v1/hosts",
                "/api/v1/hosts//",
                "/api/v1\\hosts",
                "/api/v1/..\\..\\internal\\v1\\tokens",
                "/api/v1/hosts%5c..%5c",
                "/api/v1/hosts%00",
                "/api/v1/hosts%00.json",
                "/api/v1/hosts%0d%0aX:1",
                "/api/v1/%252e%252e/internal",
                "/api/v1/hosts?a=%00",
                "/api/v1/hosts#/internal",
                "/API/V1/hosts",
                "/v3/api-docs/../../internal/v1/tokens",
                "/docs/../internal/v1/tokens",
                "/docs/%2e%2e/internal/v1/tokens",
                "/docs/..%5c..%5capplication.yml",
                "http://127.0.0.1/internal/v1/tokens",
            })
    void pathTricksReachNobody(String target) {
        int before = reached();
        String answer = raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + tokens.access("key:a", Role.ADMIN) + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*");
        assertThat(answer).doesNotContain("io.p2phost").doesNotContain("Exception");
        assertThat(reached()).isEqualTo(before);
    }

    @Test
    void aNulByteInTheRequestLineReachesNobody() {
        int before = reached();
        assertThat(raw("GET /api/v1/hosts\u0000 HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(reached()).isEqualTo(before);
    }

    @Test
    void pathAndQueryArriveAsTheyWereSent() {
        send("GET", "/api/v1/maps/a%40b%23c?q=%C3%A4%2Fb&x=1+2&y", viewer(), null);
        assertThat(assignment.last().uri()).isEqualTo("/api/v1/maps/a%40b%23c?q=%C3%A4%2Fb&x=1+2&y");
    }

    @Test
    void bodiesArriveAsTheyWereSent() {
        send("POST", "/api/v1/auth/token", null, "grant_type=a%20b&assertion=x.y.z");
        assertThat(registry.last().body()).isEqualTo("grant_type=a%20b&assertion=x.y.z");
        assertThat(registry.last().headers().getFirst("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        send("POST", "/api/v1/enrolments", tokens.access("key:a", Role.ADMIN), "{\"label\":\"ä\"}");
        assertThat(registry.last().body()).isEqualTo("{\"label\":\"ä\"}");
    }

    @Test
    void theGatewaysPingAnswersServicesOnly() {
        String service = tokens.service(ServiceName.MAP_ASSIGNMENT, ServiceName.GATEWAY);
        assertThat(send("GET", "/internal/v1/ping", viewer(), null).statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/internal/v1/ping", service, null).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/internal/v1/tokens", service, null).statusCode())
                .isEqualTo(404);
    }

    // ---- headers and framing

    @Test
    void onlyListedHeadersArePassedOn() {
        raw("GET /api/v1/hosts HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer " + viewer()
                + "\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil\r\nForwarded: for=6.6.6.6"
                + "\r\nX-P2P-Caller: admin\r\nX-Real-IP: 6.6.6.6\r\nConnection: close, X-Secret\r\nX-Secret: 1"
                + "\r\nTE: trailers\r\nKeep-Alive: 1\r\nProxy-Authorization: x\r\nCookie: a=b\r\nUpgrade: h2c"
                + "\r\ntraceparent: nonsense\r\nIdempotency-Key: k1\r\nIf-Match: \"3\"\r\nAccept: application/json"
                + "\r\n\r\n");

        StandIn.Seen seen = registry.last();
        assertThat(seen.headers().keySet())
                .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                .contains("host", "authorization", "idempotency-key", "if-match", "accept", "traceparent")
                .isSubsetOf(
                        "host",
                        "authorization",
                        "idempotency-key",
                        "if-match",
                        "accept",
                        "traceparent",
                        "user-agent",
                        "connection",
                        "content-length");
        assertThat(seen.headers().getFirst("Host")).startsWith("127.0.0.1:");
        assertThat(seen.headers().getOrDefault("Connection", List.of())).doesNotContain("X-Secret");
        assertThat(seen.headers().getFirst("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void aValidTraceIsKept() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        HttpResponse<String> response = send(request(gateway, "GET", "/api/v1/hosts", viewer(), null)
                .header("traceparent", trace)
                .build());
        assertThat(registry.last().headers().getFirst("traceparent")).isEqualTo(trace);
        assertThat(response.headers().allValues("traceparent")).containsExactly(trace);
    }

    @Test
    void answersCarrySecurityHeadersAndNothingOfTheServicesInside() {
        assignment.on("/api/v1/maps/headers", (exchange, body) -> {
            exchange.getResponseHeaders().set("Server", "inside/1.0");
            exchange.getResponseHeaders().set("Set-Cookie", "a=b");
            exchange.getResponseHeaders().set("X-Powered-By", "x");
            exchange.getResponseHeaders().set("ETag", "\"7\"");
            exchange.getResponseHeaders().set("Location", "http://10.0.0.1:8082/api/v1/maps/1");
            StandIn.json(201, "{}").to(exchange, body);
        });
        HttpResponse<String> response = send("GET", "/api/v1/maps/headers", viewer(), null);

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("ETag")).contains("\"7\"");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().map()).doesNotContainKeys("server", "set-cookie", "x-powered-by", "location");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}   ",
                "Content-Length: -1\r\n\r\n",
                "Content-Length: 1x\r\n\r\n{",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip\r\n\r\n{}",
                "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            })
    void ambiguousFramingReachesNobody(String rest) {
        int before = reached();
        assertThat(raw("POST /api/v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Authorization: Bearer " + tokens.access("key:a", Role.ADMIN) + "\r\nConnection: close\r\n"
                        + rest))
                .matches("(?s)HTTP/1.1 (400|501) .*");
        assertThat(reached()).isEqualTo(before);
    }

    @Test
    void aSecondRequestHiddenInABodyStaysABody() {
        // Length and chunks together: whichever is believed, at most one request may come out, framed anew.
        String hidden = "GET /internal/v1/tokens HTTP/1.1\r\nHost: x\r\n\r\n";
        int before = reached();
        raw("POST /api/v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                + tokens.access("key:a", Role.ADMIN) + "\r\nContent-Length: " + (5 + hidden.length())
                + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n" + hidden);
        assertThat(reached() - before).isLessThanOrEqualTo(1);
        assertThat(registry.seen())
                .noneMatch(s -> s.method().equals("GET") && s.uri().equals("/internal/v1/tokens"));
    }

    // ---- bodies and types

    @Test
    void bodiesAreBoundedWhetherTheirLengthIsAnnouncedOrNot() {
        int before = reached();
        for (boolean chunked : new boolean[] {false, true}) {
            assertThat(upload("POST", "/api/v1/enrolments", "application/json", 64 * 1_024, chunked))
                    .isEqualTo(200);
            assertThat(upload("POST", "/api/v1/enrolments", "application/json", 64 * 1_024 + 1, chunked))
                    .isEqualTo(413);
            assertThat(upload("PUT", "/api/v1/config/p2p.conf", "text/plain", 256 * 1_024, chunked))
                    .isEqualTo(200);
            assertThat(upload("PUT", "/api/v1/config/p2p.conf", "text/plain", 256 * 1_024 + 1, chunked))
                    .isEqualTo(413);
        }
        assertThat(reached() - before).isEqualTo(4);
    }

    @Test
    void anAnnouncedGigabyteIsRefusedBeforeItIsSent() {
        String answer = raw("POST /api/v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + tokens.access("key:a", Role.ADMIN)
                + "\r\nContent-Length: 1000000000\r\n\r\n{");
        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .contains("application/problem+json")
                .contains("/problems/too-large");
    }

    @Test
    void aPieceOfABundlePassesAsItIsBothWays() throws Exception {
        byte[] piece = new byte[1024 * 1024];
        new java.util.Random(7).nextBytes(piece);
        AtomicReference<byte[]> received = new AtomicReference<>();
        String path = "/api/v1/bundle-chunks/" + "ab".repeat(32);
        assertThat(upload("PUT", path, "application/octet-stream", piece.length, false))
                .isEqualTo(200);
        assertThat(raw("PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
                        + "Authorization: Bearer " + tokens.access("key:a", Role.ADMIN)
                        + "\r\nContent-Length: 4194305\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
        assertThat(upload("PUT", path, "text/html", 10, false)).isEqualTo(415);
        assertThat(upload("PUT", "/api/v1/bundles/v1", "application/json", 300_000, true))
                .isEqualTo(200);

        registry.on(path, (exchange, body) -> {
            byte[] half = Arrays.copyOf(piece, 90_000);
            received.set(half);
            exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
            exchange.sendResponseHeaders(200, half.length);
            exchange.getResponseBody().write(half);
        });
        HttpRequest.Builder asked = request(gateway, "GET", path, tokens.access(OWN, Role.HOST), null)
                .header("Accept", "application/octet-stream");
        HttpResponse<byte[]> answer = http.send(asked.build(), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(answer.body()).isEqualTo(received.get());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nothing,*/*,,404,not-found",
        "TRACE,/api/v1/hosts,*/*,,405,method-not-allowed",
        "OPTIONS,/api/v1/hosts,*/*,,405,method-not-allowed",
        "FOO,/api/v1/hosts,*/*,,405,method-not-allowed",
        "GET,/api/v1/hosts,text/html,,406,not-acceptable",
        "POST,/api/v1/enrolments,*/*,text/plain,415,unsupported-media-type",
        "POST,/api/v1/enrolments,*/*,,415,unsupported-media-type",
        "POST,/api/v1/auth/token,*/*,application/json,415,unsupported-media-type",
        "POST,/docs,*/*,,405,method-not-allowed",
        "GET,/v3/api-docs,image/png,,406,not-acceptable",
        "GET,/docs/none.css,*/*,,404,not-found",
    })
    void theGatewaysOwnRefusalsAreProblemDocuments(
            String method, String path, String accept, String type, int status, String problem) {
        String body = method.equals("POST") ? "x" : "";
        String answer = raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + tokens.access("key:a", Role.ADMIN) + "\r\nAccept: " + accept
                + (type == null ? "" : "\r\nContent-Type: " + type)
                + "\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body);

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("application/problem+json");
        assertThat(answer).contains("/problems/" + problem + "\"").contains("\"traceId\":");
        if (status == 405) {
            assertThat(answer).containsIgnoringCase("\r\nAllow: ");
        }
    }

    // ---- services that fail

    @Test
    void aServiceThatIsNotThereIsNamed() {
        HttpResponse<String> response = send("GET", "/api/v1/audit", viewer(), null);

        assertThat(response.statusCode()).isEqualTo(503);
        problem(response, "unavailable");
        assertThat(response.body()).contains("metrics is not available");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void afterRepeatedFailuresAServiceIsLeftAloneForAWhileAndThenAskedAgain() {
        validator.on("/api/v1/validations/broken", StandIn.text(500, "text/html", "<h1>NullPointerException</h1>"));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> send("GET", "/api/v1/validations/broken", viewer(), null)
                        .body()
                        .contains("failed repeatedly"));
        int before = validator.seen().size();
        HttpResponse<String> open = send("GET", "/api/v1/validations", viewer(), null);
        assertThat(open.statusCode()).isEqualTo(503);
        assertThat(open.headers().firstValue("Retry-After")).contains("1");
        assertThat(validator.seen()).hasSize(before);
        assertThat(send("GET", "/api/v1/hosts", viewer(), null).statusCode())
                .as("the others are asked as ever")
                .isEqualTo(200);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> send("GET", "/api/v1/validations", viewer(), null).statusCode() == 200);
    }

    @Test
    void aSlowServiceIsNotWaitedForLongerThanTheDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        StandIn.Answer silent = (exchange, body) -> awaitQuietly(never);
        assignment.on("/api/v1/maps/slow", silent);
        assignment.on("/api/v1/maps/slow/entries", silent);
        assignment.on("/api/v1/maps/half", (exchange, body) -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitQuietly(never);
        });
        for (String path : List.of("/api/v1/maps/slow", "/api/v1/maps/half")) {
            long start = System.nanoTime();
            HttpResponse<String> response = send("GET", path, viewer(), null);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(response.statusCode()).as(path).isEqualTo(504);
            problem(response, "deadline-exceeded");
            assertThat(response.body()).contains("map-assignment did not answer in time");
            assertThat(took).isBetween(TOTAL.minusMillis(50), TOTAL.plusSeconds(3));
        }
        long start = System.nanoTime();
        HttpResponse<String> entry =
                send("POST", "/api/v1/maps/slow/entries", tokens.access("key:p", Role.PLAYER), "{}");
        assertThat(entry.statusCode()).isEqualTo(504);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("a player waits less")
                .isLessThan(TOTAL);
        never.countDown();
    }

    @Test
    void atTheBoundOfCallsUnderWayTheNextIsRefusedButHeartbeatsPass() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        registry.on("/api/v1/hosts", (exchange, body) -> {
            awaitQuietly(release);
            StandIn.json(200, "{}").to(exchange, body);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> calls = new ArrayList<>();
            long before = countOf(registry, "/api/v1/hosts");
            for (int i = 0; i < 8; i++) {
                calls.add(threads.submit(
                        () -> send("GET", "/api/v1/hosts", viewer(), null).statusCode()));
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> countOf(registry, "/api/v1/hosts") - before == 8);

            HttpResponse<String> refused = send("GET", "/api/v1/hosts", viewer(), null);
            int heartbeat = send("PUT", "/api/v1/hosts/" + OWN + "/heartbeat", tokens.access(OWN, Role.HOST), "{}")
                    .statusCode();
            release.countDown();

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("host-registry is busy");
            assertThat(heartbeat).isEqualTo(200);
            for (Future<Integer> call : calls) {
                assertThat(call.get()).isEqualTo(200);
            }
        } finally {
            release.countDown();
            registry.on("/api/v1/hosts", StandIn.json(200, "{\"ok\":true}"));
        }
    }

    @Test
    void aServicesProblemIsPassedOnAndItsRawErrorsAreNot() {
        String problem = "{\"type\":\"https://p2phost.dev/problems/no-vps\",\"status\":503,\"detail\":\"no VPS\"}";
        assignment.on("/api/v1/maps/novps", StandIn.text(503, "application/problem+json", problem));
        assignment.on(
                "/api/v1/maps/trace",
                StandIn.text(500, "text/plain", "java.lang.IllegalStateException\n\tat io.p2phost.Secret.run"));
        assignment.on("/api/v1/maps/html", StandIn.text(404, "text/html", "<h1>Apache Tomcat</h1>"));
        assignment.on("/api/v1/maps/huge", StandIn.json(200, "\"" + "x".repeat(200_000) + "\""));

        assertThat(send("GET", "/api/v1/maps/novps", viewer(), null).body()).isEqualTo(problem);
        HttpResponse<String> wrapped = send("GET", "/api/v1/maps/trace", viewer(), null);
        assertThat(wrapped.statusCode()).isEqualTo(500);
        problem(wrapped, "internal");
        assertThat(wrapped.body()).doesNotContain("Secret").contains("map-assignment failed");
        HttpResponse<String> html = send("GET", "/api/v1/maps/html", viewer(), null);
        assertThat(html.statusCode()).isEqualTo(404);
        problem(html, "not-found");
        assertThat(html.body()).doesNotContain("Tomcat");
        problem(send("GET", "/api/v1/maps/huge", viewer(), null), "unavailable");
    }

    // ---- limits

    @Test
    void sharesAreLimitedPerCallerAndAddressAndHeartbeatsHaveTheirOwn() {
        Map<String, String> tight = Map.of(
                "p2p.gateway.limits.caller-per-second", "1",
                "p2p.gateway.limits.caller-burst", "3",
                "p2p.gateway.limits.address-per-second", "1",
                "p2p.gateway.limits.address-burst", "3",
                "p2p.gateway.limits.heartbeat-burst", "3",
                "p2p.gateway.limits.bundle-per-second", "1",
                "p2p.gateway.limits.bundle-burst", "2");
        try (TestService limited =
                TestService.start(GatewayApplication::start, ServiceName.GATEWAY, tokens, settings(tight))) {
            String host = tokens.access(OWN, Role.HOST);
            assertThat(statuses(limited, "GET", "/api/v1/hosts/" + OWN, host, 6))
                    .startsWith(200, 200, 200)
                    .contains(429);
            assertThat(statuses(limited, "GET", "/api/v1/hosts", viewer(), 1)).containsOnly(200);
            assertThat(statuses(limited, "PUT", "/api/v1/hosts/" + OWN + "/heartbeat", host, 2))
                    .as("a host that used up its share still beats")
                    .containsOnly(200);
            assertThat(statuses(limited, "GET", "/api/v1/bundle-chunks/00ff", host, 5))
                    .as("and still fetches, by another share")
                    .startsWith(200, 200)
                    .contains(429);
            assertThat(statuses(limited, "POST", "/api/v1/enrolments/guess:redeem", null, 8))
                    .startsWith(200, 200, 200)
                    .contains(429);
            List<HttpResponse<String>> guesses = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                guesses.add(send(request(limited, "GET", "/api/v1/hosts", "wrong.token.here", null)
                        .build()));
            }
            assertThat(guesses).as("guessing is limited too").anySatisfy(guess -> {
                assertThat(guess.statusCode()).isEqualTo(429);
                assertThat(guess.headers().firstValue("Retry-After")).isPresent();
                problem(guess, "too-many-requests");
            });
        }
    }

    // ---- documents

    @Test
    void theOpenApiDocumentIsMergedFromTheServicesThatAnswer() {
        registry.on("/v3/api-docs", StandIn.json(200, openApi("/api/v1/hosts", "/internal/v1/tokens")));
        assignment.on("/v3/api-docs", StandIn.json(200, openApi("/api/v1/maps", "/internal/v1/failovers")));
        validator.on("/v3/api-docs", StandIn.text(500, "text/html", "no"));

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            HttpResponse<String> response = send("GET", "/v3/api-docs", null, null);
            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode document = Json.mapper().readTree(response.body());
            assertThat(document.path("paths").propertyNames())
                    .containsExactlyInAnyOrder("/api/v1/hosts", "/api/v1/maps");
            assertThat(document.path("x-missing-services").valueStream().map(JsonNode::asString))
                    .containsExactlyInAnyOrder("security-validator", "metrics", "db-proxy");
            assertThat(response.body()).doesNotContain("/internal");
        });
    }

    @Test
    void theReadersPageAsksNobodyElse() {
        HttpResponse<String> redirect = send("GET", "/docs", null, null);
        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(redirect.headers().firstValue("Location")).contains("/docs/index.html");
        HttpResponse<String> page = send("GET", "/docs/index.html", null, null);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("swagger-ui").doesNotContain("http://").doesNotContain("https://");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .contains("connect-src 'self'");
        assertThat(send("GET", "/docs/swagger-initializer.js", null, null).body())
                .contains("url: \"/v3/api-docs\"")
                .doesNotContain("petstore");
        for (String file : List.of("swagger-ui.css", "swagger-ui-bundle.js", "index.css")) {
            assertThat(send("GET", "/docs/" + file, null, null).statusCode())
                    .as(file)
                    .isEqualTo(200);
        }
        assertThat(send("GET", "/health", null, null).body()).isEqualTo("{\"status\":\"UP\"}");
    }

    // ---- what is written down

    @Test
    void eachRequestLeavesOneLineWithoutSecretsAndOneMeasurement() {
        // Here and not once for all: each application that starts sets logging up anew.
        List<String> accessLines = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                accessLines.add(event.getFormattedMessage());
            }
        };
        appender.start();
        ((Logger) LoggerFactory.getLogger("access")).addAppender(appender);
        String key = newKey(Role.VIEWER);
        send("GET", "/api/v1/hosts/" + OTHER + "?secret=1", key, null);
        send("GET", "/wp-login.php", null, null);

        await().atMost(Duration.ofSeconds(5)).until(() -> accessLines.size() >= 2);
        // A line is written when the answer is out, so the second request's may come first.
        Map<String, JsonNode> lines = new LinkedHashMap<>();
        accessLines.stream()
                .map(text -> Json.mapper().readTree(text))
                .forEach(read -> lines.put(read.path("path").asString(), read));
        assertThat(lines).containsOnlyKeys("/api/v1/hosts/{hostId}", "none");
        JsonNode line = lines.get("/api/v1/hosts/{hostId}");
        assertThat(line.path("method").asString()).isEqualTo("GET");
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("caller").asString()).isEqualTo("key:" + ApiKeyFormat.idOf(key));
        assertThat(line.path("traceId").asString()).hasSize(32);
        assertThat(line.path("ms").isIntegralNumber()).isTrue();
        assertThat(lines.get("none").path("status").asInt()).isEqualTo(404);
        assertThat(accessLines).noneMatch(l -> l.contains(key) || l.contains(OTHER) || l.contains("wp-login"));
        MeterRegistry meters = gateway.context().getBean(MeterRegistry.class);
        assertThat(meters.get("p2p_gateway_requests")
                        .tags("service", "host-registry", "route", "/api/v1/hosts/{hostId}", "status", "200")
                        .timer()
                        .count())
                .isPositive();
        Set<String> routes = new TreeSet<>();
        meters.find("p2p_gateway_requests")
                .timers()
                .forEach(t -> routes.add(String.valueOf(t.getId().getTag("route"))));
        assertThat(routes).as("labels stay few").hasSizeLessThan(80).noneMatch(r -> r.contains(OTHER));
    }

    // ---- the address

    @Test
    void withoutTlsOnlyLoopbackIsListenedOn() {
        assertThatThrownBy(() -> TestService.start(
                                GatewayApplication::start,
                                ServiceName.GATEWAY,
                                tokens,
                                settings(Map.of("p2p.bind-address", "0.0.0.0")))
                        .close())
                .rootCause()
                .hasMessageContaining("p2p.bind-address: 0.0.0.0 (expected: a loopback address");
    }

    // ---- helpers

    private static void awaitQuietly(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody let the answer go");
        }
    }

    private static String viewer() {
        return tokens.access("key:viewer", Role.VIEWER);
    }

    private static String newKey(Role role) {
        String key = ApiKeyFormat.generate(new SecureRandom());
        keys.put(key, role);
        return key;
    }

    /** Calls that were passed on to a service. */
    private static int reached() {
        return (int) Stream.of(registry, assignment, validator)
                .flatMap(s -> s.seen().stream())
                .filter(s -> !s.uri().equals("/internal/v1/jwks") && !s.uri().equals("/v3/api-docs"))
                .filter(s -> !(s.method().equals("POST") && s.uri().equals("/internal/v1/tokens")))
                .count();
    }

    private static long countOf(StandIn standIn, String uri) {
        return standIn.seen().stream().filter(s -> s.uri().equals(uri)).count();
    }

    private static String bodyFor(String method, String path) {
        if (!method.equals("POST") && !method.equals("PUT")) {
            return null;
        }
        return path.endsWith("/auth/token") ? "a=b" : "{}";
    }

    private static List<Integer> statuses(TestService service, String method, String path, String token, int times) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            statuses.add(send(request(service, method, path, token, bodyFor(method, path))
                            .build())
                    .statusCode());
        }
        return statuses;
    }

    private static HttpResponse<String> send(String method, String path, String token, String body) {
        return send(request(gateway, method, path, token, body).build());
    }

    private static HttpRequest.Builder request(
            TestService service, String method, String path, String token, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.url() + path))
                .timeout(Duration.ofSeconds(15))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            boolean form = path.endsWith("/auth/token");
            request.header("Content-Type", form ? "application/x-www-form-urlencoded" : "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Uploads exactly that many bytes; the status, read even while the body is still being sent. */
    private static int upload(String method, String path, String type, int bytes, boolean chunked) {
        String body = "\"" + "x".repeat(bytes - 2) + "\"";
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + type
                + "\r\nAuthorization: Bearer " + tokens.access("key:a", Role.ADMIN) + "\r\nConnection: close\r\n");
        if (chunked) {
            request.append("Transfer-Encoding: chunked\r\n\r\n");
            for (int at = 0; at < bytes; at += 8_000) {
                String part = body.substring(at, Math.min(bytes, at + 8_000));
                request.append(Integer.toHexString(part.length()))
                        .append("\r\n")
                        .append(part)
                        .append("\r\n");
            }
            request.append("0\r\n\r\n");
        } else {
            request.append("Content-Length: ").append(bytes).append("\r\n\r\n").append(body);
        }
        return Integer.parseInt(raw(request.toString()).substring(9, 12));
    }

    /** Sends the text as it is and returns what comes back before the connection ends. */
    private static String raw(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(answer);
            } catch (IOException e) {
                // A refused upload ends in a reset; what was said before it counts.
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void problem(HttpResponse<String> response, String type) {
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        if (response.request().method().equals("HEAD")) {
            return;
        }
        JsonNode document = Json.mapper().readTree(response.body());
        assertThat(document.path("type").asString("")).isEqualTo("https://p2phost.dev/problems/" + type);
        assertThat(document.path("status").asInt()).isEqualTo(response.statusCode());
        assertThat(document.path("traceId").asString("")).matches("[0-9a-f]{32}");
    }

    private static String openApi(String... paths) {
        StringBuilder json = new StringBuilder("{\"openapi\":\"3.1.0\",\"paths\":{");
        for (int i = 0; i < paths.length; i++) {
            json.append(i == 0 ? "" : ",").append('"').append(paths[i]).append("\":{\"get\":{\"operationId\":\"x\"}}");
        }
        return json.append("}}").toString();
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private static String flipped(String signature) {
        return (signature.charAt(0) == 'A' ? 'B' : 'A') + signature.substring(1);
    }

    /** The classic confusion: a verifier that believes the header takes the public key for an HMAC secret. */
    private static String hs256(String payload, String keyId, JsonNode jwk) throws Exception {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        jws.setKeyIdHeaderValue(keyId);
        jws.setHeader("typ", "p2p-access+jwt");
        jws.setPayload(decode(payload));
        jws.setKey(new HmacKey(Base64.getUrlDecoder().decode(jwk.path("x").asString(""))));
        return jws.getCompactSerialization();
    }

    /** A verifier that believes the header's own key accepts anything. */
    private static String ownKeyInHeader(String payload) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setHeader("typ", "p2p-access+jwt");
        jws.getHeaders().setJwkHeaderValue("jwk", PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic()));
        jws.setPayload(decode(payload));
        jws.setKey(pair.getPrivate());
        return jws.getCompactSerialization();
    }
}
