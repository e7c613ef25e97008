package io.p2phost.dbproxy.suite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** db-proxy as a relay sees it: it answers what a test wants, and remembers what it was told. */
final class FakeDbProxy implements AutoCloseable {
    final List<JsonNode> entries = new CopyOnWriteArrayList<>();
    final List<JsonNode> signals = new CopyOnWriteArrayList<>();
    final List<JsonNode> announced = new CopyOnWriteArrayList<>();
    /** What the next entries are answered. */
    volatile Map<String, Object> answer = refused(1, "nobody said yet");

    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    FakeDbProxy() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/internal/v1/entries", exchange -> {
            entries.add(body(exchange));
            answer(exchange, 200, Json.mapper().writeValueAsString(answer));
        });
        server.createContext("/internal/v1/player-signals", exchange -> {
            signals.add(body(exchange));
            answer(exchange, 204, "");
        });
        server.createContext("/internal/v1/relays/", exchange -> {
            announced.add(body(exchange));
            answer(exchange, 200, "{\"owners\":[]}");
        });
        server.start();
    }

    static Map<String, Object> refused(int code, String detail) {
        return Map.of("decision", "REFUSED", "code", code, "detail", detail);
    }

    /** To a VPS map-server there. */
    static Map<String, Object> routed(InetSocketAddress to, int loginId1, long number) {
        return Map.ofEntries(
                Map.entry("decision", "ROUTED"),
                Map.entry("owner", vps(to)),
                Map.entry("map", "prt_fild08"),
                Map.entry("epoch", 3),
                Map.entry("loginId1", loginId1),
                Map.entry("phase", "ARRIVING"),
                Map.entry("group", 0),
                Map.entry("sessionNumber", number),
                Map.entry("x", 170),
                Map.entry("y", 360));
    }

    static Map<String, Object> rehome(int account, Map<String, Object> owner, int loginId1, long number) {
        return Map.of(
                "accountId",
                account,
                "characterId",
                150_001,
                "sessionNumber",
                number,
                "owner",
                owner,
                "map",
                "prt_fild08",
                "epoch",
                4,
                "loginId1",
                loginId1,
                "x",
                171,
                "y",
                361);
    }

    static Map<String, Object> vps(InetSocketAddress to) {
        return Map.of("kind", "VPS", "id", "reserve", "address", to.getHostString() + ":" + to.getPort());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Gives a relay an order about a player: whether it has him, or had him lately. */
    boolean order(String relay, String kind, Map<String, Object> body) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(relay, kind, body, "Bearer any");
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode());
        }
        return Json.mapper().readTree(answer.body()).required("unknown").isEmpty();
    }

    /** The same without a token; gives the status. */
    int orderWithoutToken(String relay, String kind, Map<String, Object> body)
            throws IOException, InterruptedException {
        return post(relay, kind, body, null).statusCode();
    }

    private HttpResponse<String> post(
            String relay, String kind, Map<String, Object> body, @Nullable String authorization)
            throws IOException, InterruptedException {
        Map<String, Object> order = new HashMap<>(body);
        order.put("kind", kind);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(relay + "/internal/v1/orders"))
                .POST(HttpRequest.BodyPublishers.ofString(
                        Json.mapper().writeValueAsString(Map.of("orders", List.of(order)))));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        if (!"Bearer a-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            throw new IOException("no token");
        }
        return Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        http.shutdownNow();
    }
}
