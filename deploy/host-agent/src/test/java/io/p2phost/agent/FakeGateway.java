package io.p2phost.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/**
 * A gateway for tests over real HTTP: answers as the contract says unless a test queued another answer for a call. Calls
 * are named {@code METHOD last-part}, such as {@code PUT session}.
 */
public final class FakeGateway implements AutoCloseable {
    /** A call as it arrived. */
    public record Call(String name, String path, String query, String authorization, String body) {
        public JsonNode json() {
            return Json.mapper().readTree(body);
        }
    }

    private record Answer(int status, String body, Map<String, String> headers) {}

    public static final String HOST = "0f8fad5b-d9cb-469f-a165-70867728950e";

    public final TestAuthority authority = new TestAuthority();
    public final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Answer>> queued = new ConcurrentHashMap<>();
    private final HttpServer server;
    private volatile String desired = "";
    private volatile boolean drain;
    private volatile String relays = "";
    private volatile String dbProxy = "{\"host\":\"127.0.0.1\",\"port\":1}";
    private volatile String interval = "PT5S";
    private volatile int tokenSeconds = 3600;
    private volatile Duration certificateLife = Duration.ofHours(24);

    public FakeGateway() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/api/v1/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next call of that name gets this answer; several are used in order. */
    public void answer(String name, int status, String body) {
        answer(name, status, body, Map.of());
    }

    public void answer(String name, int status, String body, Map<String, String> headers) {
        queued.computeIfAbsent(name, key -> new ConcurrentLinkedDeque<>(new ArrayDeque<>()))
                .add(new Answer(status, body, headers));
    }

    public static String problem(String slug, int status, String detail) {
        return "{\"type\":\"https://p2phost.dev/problems/" + slug + "\",\"title\":\"title\",\"status\":" + status
                + ",\"detail\":\"" + detail + "\"}";
    }

    /** The assignments later heartbeats answer with, such as {@code prt_fild08:3}. */
    public void desire(String... assignments) {
        StringBuilder json = new StringBuilder();
        for (String assignment : assignments) {
            String[] parts = assignment.split(":");
            json.append(json.isEmpty() ? "" : ",")
                    .append("{\"map\":\"%s\",\"epoch\":%s,\"role\":\"PRIMARY\"}".formatted(parts[0], parts[1]));
        }
        desired = json.toString();
    }

    public void drain(boolean value) {
        drain = value;
    }

    public void relay(String id, int port) {
        relays = "{\"relayId\":\"%s\",\"region\":\"EU\",\"host\":\"127.0.0.1\",\"tunnelPort\":%d}".formatted(id, port);
    }

    public void dbProxy(int port) {
        dbProxy = "{\"host\":\"127.0.0.1\",\"port\":" + port + "}";
    }

    public void heartbeatInterval(String iso) {
        interval = iso;
    }

    public void tokenSeconds(int seconds) {
        tokenSeconds = seconds;
    }

    public void certificateLife(Duration life) {
        certificateLife = life;
    }

    public List<Call> calls(String name) {
        return calls.stream().filter(call -> call.name().equals(name)).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String last = path.substring(path.lastIndexOf('/') + 1);
            String name = exchange.getRequestMethod() + " " + (last.endsWith(":redeem") ? "redeem" : last);
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            calls.add(
                    new Call(name, path, String.valueOf(exchange.getRequestURI().getQuery()), authorization, body));
            Deque<Answer> answers = queued.get(name);
            Answer answer = answers == null ? null : answers.poll();
            if (answer == null) {
                answer = usual(name, body);
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders()
                    .set("Content-Type", answer.status() < 400 ? "application/json" : "application/problem+json");
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer usual(String name, String body) {
        Instant now = Instant.now();
        String lease =
                "\"lease\":{\"expiresAt\":\"" + now.plusSeconds(15) + "\",\"heartbeatInterval\":\"" + interval + "\"}";
        return switch (name) {
            case "POST redeem" -> new Answer(201, "{\"hostId\":\"" + HOST + "\"}", Map.of());
            case "POST token" ->
                new Answer(
                        200,
                        "{\"access_token\":\"token-" + calls("POST token").size()
                                + "\",\"token_type\":\"Bearer\",\"expires_in\":" + tokenSeconds + "}",
                        Map.of());
            case "POST certificates" ->
                new Answer(
                        201,
                        Json.mapper()
                                .writeValueAsString(Map.of(
                                        "certificate",
                                        authority.issueFor(
                                                Json.mapper()
                                                        .readTree(body)
                                                        .path("csr")
                                                        .asString(),
                                                HOST,
                                                now.plus(certificateLife)),
                                        "caBundle",
                                        authority.pem(authority.certificate()),
                                        "notAfter",
                                        now.plus(certificateLife).toString())),
                        Map.of());
            case "GET requirements" ->
                new Answer(
                        200,
                        "{\"version\":1,\"maxLatencyMs\":150,\"tiers\":[{\"tier\":1,\"cpuGhz\":0.1,\"cpuCores\":1,"
                                + "\"ramGb\":0.5,\"networkMbps\":0}]}",
                        Map.of());
            case "PUT session" ->
                new Answer(
                        200,
                        "{\"tier\":1," + lease + ",\"relays\":[" + relays + "],\"dbProxy\":" + dbProxy
                                + ",\"serverTime\":\"" + now + "\"}",
                        Map.of());
            case "PUT heartbeat" ->
                new Answer(
                        200,
                        "{" + lease + ",\"desired\":{\"drain\":" + (drain || handsBack(body)) + ",\"assignments\":["
                                + desired + "]}}",
                        Map.of());
            case "DELETE session", "DELETE " + HOST -> new Answer(204, "", Map.of());
            default -> new Answer(404, problem("not-found", 404, name), Map.of());
        };
    }

    private static boolean handsBack(String body) {
        return Json.mapper().readTree(body).path("handsBack").asBoolean();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
