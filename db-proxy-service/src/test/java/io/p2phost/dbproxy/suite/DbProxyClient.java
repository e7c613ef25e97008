package io.p2phost.dbproxy.suite;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.Owner;
import io.p2phost.ro.client.Enter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What a relay asks of db-proxy and tells it. No future fails: silence is an answer. */
final class DbProxyClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final String relayId;
    private final URI url;
    private final Supplier<String> token;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(executor)
            .build();

    /** A client whose {@code token} gives a service token of a relay for db-proxy that is valid now. */
    DbProxyClient(String relayId, URI url, Supplier<String> token) {
        this.relayId = relayId;
        this.url = url;
        this.token = token;
    }

    /** What becomes of an entering player. */
    sealed interface Answer {
        record Routed(Route route, String phase, int group) implements Answer {}

        /**
         * He may not.
         *
         * @param code reason byte of 0x0081; only 0 is final
         */
        record Refused(int code, String detail) implements Answer {}

        /** db-proxy was not reached or did not say. */
        record Silent(String why) implements Answer {}
    }

    /** Where a player's connection goes, and as whom. */
    record Route(Owner owner, String map, long epoch, int loginId1, long number, int x, int y) {
        static Route of(JsonNode json) {
            return new Route(
                    Json.mapper().treeToValue(json.required("owner"), Owner.class),
                    json.required("map").asString(),
                    json.required("epoch").asLong(),
                    (int) json.required("loginId1").asLong(),
                    json.required("sessionNumber").asLong(),
                    json.required("x").asInt(),
                    json.required("y").asInt());
        }
    }

    enum Signal {
        RESTART,
        GONE
    }

    CompletableFuture<Answer> enter(Enter enter, String clientIp) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("relayId", relayId);
        body.put("clientIp", clientIp);
        body.put("accountId", enter.accountId());
        body.put("characterId", enter.charId());
        body.put("loginId1", enter.loginId1());
        body.put("sex", enter.sex());
        return call("POST", "/internal/v1/entries", body)
                .thenApply(DbProxyClient::read)
                .exceptionally(fault -> new Answer.Silent(String.valueOf(fault)));
    }

    private static Answer read(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            return new Answer.Silent(answer.statusCode() + " " + answer.body());
        }
        JsonNode json = Json.mapper().readTree(answer.body());
        return switch (json.required("decision").asString()) {
            case "ROUTED" ->
                new Answer.Routed(
                        Route.of(json),
                        json.required("phase").asString(),
                        json.required("group").asInt());
            case "REFUSED" ->
                new Answer.Refused(
                        json.required("code").asInt(), json.path("detail").asString(""));
            default -> new Answer.Silent(answer.body());
        };
    }

    /** Completes with whether db-proxy took it. */
    CompletableFuture<Boolean> signal(int account, long number, Signal kind) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("relayId", relayId);
        body.put("accountId", account);
        body.put("sessionNumber", number);
        body.put("kind", kind.name());
        return call("POST", "/internal/v1/player-signals", body).handle(DbProxyClient::isTaken);
    }

    /** Says that this relay is alive and where it is told of moves. */
    CompletableFuture<Boolean> announce(String host, String apiUrl) {
        return call("PUT", "/internal/v1/relays/" + relayId, Map.of("region", "test", "host", host, "apiUrl", apiUrl))
                .handle(DbProxyClient::isTaken);
    }

    private static boolean isTaken(HttpResponse<String> answer, Throwable fault) {
        return answer != null && answer.statusCode() / 100 == 2;
    }

    private CompletableFuture<HttpResponse<String>> call(String method, String path, Map<String, Object> body) {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(DEADLINE)
                .header("Authorization", "Bearer " + token.get())
                .header("Content-Type", "application/json")
                .method(
                        method,
                        HttpRequest.BodyPublishers.ofString(Json.mapper().writeValueAsString(body)))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.shutdownNow();
        executor.shutdownNow();
    }
}
