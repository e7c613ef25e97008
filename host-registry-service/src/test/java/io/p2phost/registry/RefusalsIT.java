package io.p2phost.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.registry.RegistryUnderTest.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.UUID;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to be refused: the right status, a problem document, never a 500. */
class RefusalsIT {
    private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    private static RegistryUnderTest registry;
    private static TestHost host;
    private static TestHost other;
    private static String admin;
    private static String viewer;

    @BeforeAll
    static void start() {
        registry = new RegistryUnderTest(Map.of());
        host = registry.enrolledHost(2_000_001);
        other = registry.enrolledHost(2_000_002);
        admin = registry.adminToken();
        viewer = registry.exchange(
                registry.call("POST", "/api/v1/api-keys", admin, Map.of("label", "v", "role", Role.VIEWER))
                        .json()
                        .get("apiKey")
                        .asString());
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static void refused(Answer answer, int status, String problem) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.problem()).as(answer.body()).isEqualTo(problem);
        assertThat(answer.body()).doesNotContain("Exception", "io.p2phost", "\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/enrolments",
        "GET, /api/v1/enrolments",
        "GET, /api/v1/hosts",
        "GET, /api/v1/hosts/" + NOBODY,
        "POST, /api/v1/hosts/" + NOBODY + ":drain",
        "PUT, /api/v1/hosts/" + NOBODY + "/session",
        "DELETE, /api/v1/hosts/" + NOBODY + "/session",
        "PUT, /api/v1/hosts/" + NOBODY + "/heartbeat",
        "POST, /api/v1/hosts/" + NOBODY + "/certificates",
        "GET, /api/v1/relays",
        "POST, /api/v1/api-keys",
        "GET, /api/v1/api-keys",
        "DELETE, /api/v1/api-keys/abcdefgh",
        "POST, /api/v1/signing-keys:rotate",
        "POST, /internal/v1/tokens",
        "POST, /internal/v1/certificates",
        "PUT, /internal/v1/relays/r1",
        "GET, /internal/v1/relays",
        "GET, /internal/v1/hosts/" + NOBODY
    })
    void withoutATokenNothingIsToldAndNothingDone(String method, String path) {
        refused(registry.call(method, path, null, Map.of()), 401, "unauthenticated");
        refused(registry.call(method, path, "not.a.token", Map.of()), 401, "unauthenticated");
        refused(
                registry.call(method, path, registry.tokens.access("key:x", Role.ADMIN), Map.of()),
                401,
                "unauthenticated");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/enrolments",
        "POST, /api/v1/hosts/" + NOBODY + ":drain",
        "PUT, /api/v1/hosts/" + NOBODY + "/session",
        "PUT, /api/v1/hosts/" + NOBODY + "/heartbeat",
        "POST, /api/v1/hosts/" + NOBODY + "/certificates",
        "POST, /api/v1/api-keys",
        "GET, /api/v1/api-keys",
        "DELETE, /api/v1/api-keys/abcdefgh",
        "POST, /api/v1/signing-keys:rotate",
        "POST, /internal/v1/tokens",
        "POST, /internal/v1/certificates",
        "PUT, /internal/v1/relays/r1",
        "GET, /internal/v1/relays",
        "GET, /internal/v1/hosts/" + NOBODY
    })
    void aViewerMayOnlyLook(String method, String path) {
        refused(registry.call(method, path, viewer, Map.of()), 403, "forbidden");
    }

    @Test
    void aHostMayNotDoWhatOperatorsDo() {
        refused(registry.call("GET", "/api/v1/hosts", host.token, null), 403, "forbidden");
        refused(registry.call("POST", "/api/v1/hosts/" + host.id + ":undrain", host.token, null), 403, "forbidden");
        refused(registry.call("POST", "/api/v1/enrolments", host.token, Map.of("accountId", 1)), 403, "forbidden");
        refused(registry.call("GET", "/api/v1/enrolments", host.token, null), 403, "forbidden");
    }

    @Test
    void aHostMayNotSpeakForAnother() {
        String path = "/api/v1/hosts/" + other.id;
        refused(registry.call("GET", path, host.token, null), 403, "forbidden");
        refused(registry.call("PUT", path + "/session", host.token, TestHost.machine()), 403, "forbidden");
        refused(registry.call("DELETE", path + "/session", host.token, null), 403, "forbidden");
        refused(registry.call("PUT", path + "/heartbeat", host.token, TestHost.load(1)), 403, "forbidden");
        refused(
                registry.call("POST", path + "/certificates", host.token, Map.of("csr", TestHost.csr())),
                403,
                "forbidden");
    }

    @Test
    void servicesCallOnlyWhatTheTableAllowsThem() {
        refused(
                registry.call(
                        "POST",
                        "/internal/v1/tokens",
                        registry.serviceToken(ServiceName.METRICS),
                        Map.of("apiKey", registry.adminKey)),
                403,
                "forbidden");
        refused(
                registry.call(
                        "POST",
                        "/internal/v1/certificates",
                        registry.serviceToken(ServiceName.METRICS),
                        Map.of("csr", TestHost.csr())),
                403,
                "forbidden");
        refused(
                registry.call("GET", "/internal/v1/hosts/" + host.id, registry.serviceToken(ServiceName.METRICS), null),
                403,
                "forbidden");
        refused(
                registry.call("GET", "/api/v1/hosts", registry.serviceToken(ServiceName.METRICS), null),
                403,
                "forbidden");
        refused(
                registry.call(
                        "GET",
                        "/internal/v1/relays",
                        registry.tokens.service(ServiceName.DB_PROXY, ServiceName.RELAY),
                        null),
                401,
                "unauthenticated");
    }

    @Test
    void unknownThingsAreNotFound() {
        refused(registry.call("GET", "/api/v1/hosts/" + NOBODY, admin, null), 404, "not-found");
        refused(registry.call("POST", "/api/v1/hosts/" + NOBODY + ":drain", admin, null), 404, "not-found");
        refused(registry.call("POST", "/api/v1/hosts/" + host.id + ":explode", admin, null), 404, "not-found");
        refused(registry.call("DELETE", "/api/v1/api-keys/unknown1", admin, null), 404, "not-found");
        refused(
                registry.call("GET", "/internal/v1/hosts/" + NOBODY, registry.serviceToken(ServiceName.RELAY), null),
                404,
                "not-found");
        refused(registry.call("GET", "/api/v1/nothing", admin, null), 404, "not-found");
    }

    @Test
    void idsAndQueriesOfAnotherFormAreInvalid() {
        refused(registry.call("GET", "/api/v1/hosts/HOST-1", admin, null), 400, "invalid-value");
        refused(registry.call("GET", "/api/v1/hosts?state=DEAD", admin, null), 400, "invalid-value");
        refused(registry.call("GET", "/api/v1/hosts?tier=one", admin, null), 400, "invalid-value");
        refused(registry.call("GET", "/api/v1/hosts?limit=0", admin, null), 400, "invalid-value");
        refused(registry.call("GET", "/api/v1/hosts?limit=201", admin, null), 400, "invalid-value");
        refused(registry.call("GET", "/api/v1/hosts?cursor=x", admin, null), 400, "invalid-value");
        refused(registry.call("GET", "/api/v1/enrolments?cursor=x", admin, null), 400, "invalid-value");
        refused(registry.call("GET", "/api/v1/api-keys?limit=-1", admin, null), 400, "invalid-value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "\"text\"",
                "null",
                "{\"accountId\":\"2000001\",\"label\":\"x\"}",
                "{\"accountId\":1.5,\"label\":\"x\"}",
                "{\"accountId\":null}",
                "{\"label\":\"x\"}",
                "{\"accountId\":99999999999999999999}"
            })
    void bodiesThatCannotBeReadAreMalformed(String body) {
        Answer answer = registry.raw(registry.service().url(), "POST", "/api/v1/enrolments", admin, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.problem()).isIn("malformed-request", "invalid-value");
        assertThat(answer.body()).doesNotContain("Exception", "io.p2phost");
    }

    @Test
    void valuesOutOfRangeAreInvalid() {
        String session = "/api/v1/hosts/" + host.id + "/session";
        for (String field : List.of("cpuGhz", "cpuCores", "ramGb", "networkMbps", "maxMaps")) {
            Map<String, Object> machine = TestHost.machine();
            machine.put(field, -1);
            refused(registry.call("PUT", session, host.token, machine), 400, "invalid-value");
        }
        Map<String, Object> text = TestHost.machine();
        text.put("cpuCores", "8");
        refused(registry.call("PUT", session, host.token, text), 400, "malformed-request");
        Map<String, Object> longText = TestHost.machine();
        longText.put("os", "x".repeat(129));
        refused(registry.call("PUT", session, host.token, longText), 400, "invalid-value");

        assertThat(registry.openSession(host, TestHost.machine()).status()).isEqualTo(200);
        String heartbeat = "/api/v1/hosts/" + host.id + "/heartbeat";
        refused(registry.call("PUT", heartbeat, host.token, TestHost.load(101)), 400, "invalid-value");
        Map<String, Object> maps = TestHost.load(1);
        maps.put("maps", List.of(Map.of("map", "UPPER", "epoch", 1, "players", 0)));
        refused(registry.call("PUT", heartbeat, host.token, maps), 400, "invalid-value");
        maps.put("maps", List.of(Map.of("map", "prt_fild08", "epoch", 1, "players", -1)));
        refused(registry.call("PUT", heartbeat, host.token, maps), 400, "invalid-value");
        maps.put("maps", List.of(Map.of("players", 1)));
        refused(registry.call("PUT", heartbeat, host.token, maps), 400, "invalid-value");
        maps.put("maps", java.util.Collections.nCopies(65, Map.of("map", "prt_fild08", "epoch", 1, "players", 0)));
        refused(registry.call("PUT", heartbeat, host.token, maps), 400, "invalid-value");
    }

    /** Only announced: the rest of a refused body is not read, and a client that goes on sending it may hear nothing. */
    @Test
    void oversizeBodiesAreTooLarge() throws IOException {
        URI service = URI.create(registry.service().url());
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(10_000);
            String request = "POST /api/v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer " + admin + "\r\nContent-Length: " + (4 * 1_024 * 1_024 + 1) + "\r\n\r\n{";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            Scanner answer = new Scanner(socket.getInputStream(), StandardCharsets.UTF_8);
            assertThat(answer.nextLine()).startsWith("HTTP/1.1 413");
            assertThat(answer.findWithinHorizon("/problems/too-large", 4_096)).isNotNull();
        }
    }

    @Test
    void otherMethodsAndMediaTypesAreNamed() {
        refused(registry.call("PATCH", "/api/v1/hosts", admin, Map.of()), 405, "method-not-allowed");
        refused(
                registry.call("POST", "/api/v1/auth/token", null, Map.of("assertion", "x")),
                415,
                "unsupported-media-type");
    }

    @Test
    void redeemingIsRefusedForEachReasonWithItsOwnStatus() {
        TestHost machine = new TestHost();
        String code = registry.newCode(2_000_003);
        String path = "/api/v1/enrolments/" + code + ":redeem";

        refused(registry.call("POST", path, null, Map.of()), 400, "invalid-value");
        Map<String, Object> badKey = machine.redemption(code);
        badKey.put("publicKey", Base64.getEncoder().encodeToString(new byte[31]));
        refused(registry.call("POST", path, null, badKey), 400, "invalid-value");
        Map<String, Object> badProof = machine.redemption(code);
        badProof.put("proof", machine.sign("another code"));
        refused(registry.call("POST", path, null, badProof), 422, "unprocessable");
        Map<String, Object> taken = host.redemption(code);
        refused(registry.call("POST", path, null, taken), 409, "conflict");

        assertThat(registry.call("POST", path, null, machine.redemption(code)).status())
                .as("none of these used the code up")
                .isEqualTo(201);
        refused(registry.call("POST", path, null, new TestHost().redemption(code)), 410, "gone");
        refused(
                registry.call("POST", "/api/v1/enrolments/ABCDEFGHJK:redeem", null, machine.redemption("ABCDEFGHJK")),
                404,
                "not-found");
    }

    @Test
    void assertionsAreRefusedAsInvalidGrant() {
        String good = host.assertion();
        assertThat(registry.token(good).status()).isEqualTo(200);
        grantRefused(registry.token(good), "invalid_grant");

        JwtClaims longLived = host.claims();
        longLived.setExpirationTime(NumericDate.fromSeconds(System.currentTimeMillis() / 1_000 + 120));
        grantRefused(registry.token(host.assertion(longLived)), "invalid_grant");

        JwtClaims foreign = host.claims();
        foreign.setIssuer(other.id);
        foreign.setSubject(other.id);
        grantRefused(registry.token(host.assertion(foreign)), "invalid_grant");

        JwtClaims unknown = host.claims();
        String id = UUID.randomUUID().toString();
        unknown.setIssuer(id);
        unknown.setSubject(id);
        grantRefused(registry.token(host.assertion(unknown)), "invalid_grant");

        grantRefused(registry.token("x"), "invalid_grant");
        grantRefused(registry.form("grant_type=password&assertion=x"), "unsupported_grant_type");
        grantRefused(registry.form("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer"), "invalid_request");
        grantRefused(registry.form(""), "unsupported_grant_type");
    }

    private static void grantRefused(Answer answer, String error) {
        refused(answer, 400, "invalid-grant");
        assertThat(answer.json().get("error").asString()).isEqualTo(error);
    }

    @Test
    void apiKeysAreRefusedAlikeWhateverIsWrongWithThem() {
        String key = registry.call("POST", "/api/v1/api-keys", admin, Map.of("label", "x", "role", "OPERATOR"))
                .json()
                .get("apiKey")
                .asString();
        String id = key.split("_", 3)[1];
        assertThat(registry.exchange(key)).isNotEmpty();
        assertThat(registry.call("DELETE", "/api/v1/api-keys/" + id, admin, null)
                        .status())
                .isEqualTo(204);

        Map<String, Object> body = new LinkedHashMap<>();
        for (String wrong :
                List.of(key, "p2p_" + id + "_" + "A".repeat(43), "p2p_unknown1_" + "A".repeat(43), "x", "")) {
            body.put("apiKey", wrong);
            Answer answer = registry.call("POST", "/internal/v1/tokens", registry.gateway(), body);
            refused(answer, 401, "unauthenticated");
            assertThat(answer.json().get("detail").asString()).isEqualTo("the API key is not accepted");
        }
        refused(registry.call("POST", "/internal/v1/tokens", registry.gateway(), Map.of()), 401, "unauthenticated");
    }

    @Test
    void keysForHostsOrServicesAndWithBadTimesAreNotMade() {
        refused(
                registry.call("POST", "/api/v1/api-keys", admin, Map.of("label", "x", "role", "HOST")),
                400,
                "invalid-value");
        refused(
                registry.call("POST", "/api/v1/api-keys", admin, Map.of("label", "x", "role", "KING")),
                400,
                "malformed-request");
        refused(registry.call("POST", "/api/v1/api-keys", admin, Map.of()), 400, "invalid-value");
        refused(
                registry.call(
                        "POST",
                        "/api/v1/api-keys",
                        admin,
                        Map.of("label", "x", "role", "VIEWER", "expiresAt", "yesterday")),
                400,
                "malformed-request");
        refused(
                registry.call("DELETE", "/api/v1/api-keys/" + registry.adminKey.split("_", 3)[1], admin, null),
                409,
                "conflict");
    }

    @Test
    void certificateRequestsThatAreNoneAreInvalid() {
        String path = "/api/v1/hosts/" + host.id + "/certificates";
        refused(registry.call("POST", path, host.token, Map.of()), 400, "invalid-value");
        refused(registry.call("POST", path, host.token, Map.of("csr", "x")), 400, "invalid-value");
        refused(
                registry.call(
                        "POST",
                        path,
                        host.token,
                        Map.of("csr", TestHost.csr(TestHost.keyPair("RSA"), "SHA256withRSA"))),
                400,
                "invalid-value");
    }

    @Test
    void announcementsOfRelaysAreChecked() {
        String relay = registry.serviceToken(ServiceName.RELAY);
        refused(registry.call("PUT", "/internal/v1/relays/r1", relay, Map.of("tunnelPort", 1)), 400, "invalid-value");
        refused(
                registry.call(
                        "PUT",
                        "/internal/v1/relays/r1",
                        relay,
                        Map.of("region", "EU", "host", "h", "tunnelPort", 70_000, "apiUrl", "http://h")),
                400,
                "invalid-value");
    }

    @Test
    void statesDecideWhatMayBeDone() {
        refused(
                registry.call("POST", "/api/v1/hosts/" + other.id + ":unblacklist", admin, null),
                409,
                "illegal-transition");
        refused(registry.call("POST", "/api/v1/hosts/" + other.id + ":blacklist", admin, null), 400, "invalid-value");
        refused(registry.heartbeat(other), 410, "session-expired");
    }
}
