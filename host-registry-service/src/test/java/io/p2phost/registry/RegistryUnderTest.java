package io.p2phost.registry;

import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.ApiKeyFormat;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/** The whole service on free ports, a map-assignment that only knows requirements, and a client. */
final class RegistryUnderTest implements AutoCloseable {
    static final String REQUIREMENTS = """
            {"version":1,"maxLatencyMs":100,"tiers":[
              {"tier":1,"cpuGhz":3.0,"cpuCores":4,"ramGb":8,"networkMbps":100},
              {"tier":2,"cpuGhz":3.5,"cpuCores":6,"ramGb":16,"networkMbps":250},
              {"tier":3,"cpuGhz":4.0,"cpuCores":8,"ramGb":32,"networkMbps":500}]}""";

    final TestTokens tokens = new TestTokens();
    final String adminKey = ApiKeyFormat.generate(new SecureRandom());
    final AtomicReference<String> requirements = new AtomicReference<>(REQUIREMENTS);
    final Map<String, String> settings = new LinkedHashMap<>();
    private final HttpServer assignment;
    private final HttpClient http = HttpClient.newHttpClient();
    private TestService service;

    RegistryUnderTest(Map<String, String> more) {
        try {
            assignment = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assignment.createContext("/internal/v1/requirements", exchange -> {
            byte[] body = requirements.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(body.length == 0 ? 503 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        assignment.start();
        settings.putAll(TestService.databaseSettings(ServiceName.HOST_REGISTRY));
        settings.put(
                "p2p.services.map-assignment",
                "http://127.0.0.1:" + assignment.getAddress().getPort());
        settings.put("p2p.registry.admin-api-key", adminKey);
        settings.put("p2p.registry.key-encryption-key", Base64.getEncoder().encodeToString(new byte[32]));
        settings.putAll(more);
        service = another(Map.of());
    }

    /** Another instance on the same database. */
    TestService another(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putAll(more);
        return TestService.start(HostRegistryApplication::start, ServiceName.HOST_REGISTRY, tokens, all);
    }

    void restart() {
        service.close();
        service = another(Map.of());
    }

    TestService service() {
        return service;
    }

    /** A token for the bootstrap admin key, as the gateway gets it. */
    String adminToken() {
        return exchange(adminKey);
    }

    String exchange(String apiKey) {
        Answer answer = call("POST", "/internal/v1/tokens", gateway(), Map.of("apiKey", apiKey));
        return answer.json().get("token").asString();
    }

    String gateway() {
        return serviceToken(ServiceName.GATEWAY);
    }

    String serviceToken(ServiceName from) {
        return tokens.service(from, ServiceName.HOST_REGISTRY);
    }

    /** Makes a code as the operator. */
    String newCode(long accountId) {
        return call("POST", "/api/v1/enrolments", adminToken(), Map.of("accountId", accountId, "label", "my pc"))
                .json()
                .get("code")
                .asString();
    }

    /** Enrols a new machine and gets its first token. */
    TestHost enrolledHost(long accountId) {
        TestHost host = new TestHost();
        String code = newCode(accountId);
        Answer redeemed = call("POST", "/api/v1/enrolments/" + code + ":redeem", null, host.redemption(code));
        host.id = redeemed.json().get("hostId").asString();
        host.token = tokenFor(host);
        return host;
    }

    String tokenFor(TestHost host) {
        return token(host.assertion()).json().get("access_token").asString();
    }

    Answer token(String assertion) {
        return form("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + assertion);
    }

    Answer form(String body) {
        return send(HttpRequest.newBuilder(URI.create(service.url() + "/api/v1/auth/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Answer openSession(TestHost host, Object machine) {
        return call("PUT", "/api/v1/hosts/" + host.id + "/session", host.token, machine);
    }

    Answer heartbeat(TestHost host) {
        return call("PUT", "/api/v1/hosts/" + host.id + "/heartbeat", host.token, TestHost.load(12));
    }

    Answer call(String method, String path, String token, Object body) {
        return raw(
                service.url(),
                method,
                path,
                token,
                body == null ? null : Json.mapper().writeValueAsString(body));
    }

    Answer raw(String base, String method, String path, String token, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return send(request.build());
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        service.close();
        assignment.stop(0);
        tokens.close();
        http.close();
    }

    record Answer(int status, String contentType, String body) {
        JsonNode json() {
            return Json.mapper().readTree(body);
        }

        /** The last part of the problem's type; empty when the answer is no problem document. */
        String problem() {
            if (!contentType.startsWith("application/problem+json")) {
                return "";
            }
            String type = json().get("type").asString();
            return type.substring(type.lastIndexOf('/') + 1);
        }
    }
}
