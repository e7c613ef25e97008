package io.p2phost.dbproxy.suite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What db-proxy may tell a relay, over HTTP on this machine. A token must be there; whose it is, is not looked at. */
final class RelayApi implements AutoCloseable {
    private static final int LONGEST_BODY = 262_144;

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /** What db-proxy says; each completes with whether this relay has or lately had such a player. */
    interface Orders {
        CompletableFuture<Boolean> rehome(int account, DbProxyClient.Route route);

        CompletableFuture<Boolean> release(int account, long number);

        CompletableFuture<Boolean> kick(int account, long number);
    }

    /** Serves from now on; {@code front} is what a push of a route is answered with. */
    RelayApi(Orders orders, InetSocketAddress front) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/internal/v1/orders", exchange -> serve(orders, exchange));
        String routed = Json.mapper().writeValueAsString(new Front(front.getHostString(), front.getPort()));
        server.createContext("/internal/v1/routes/", exchange -> answer(exchange, 200, routed));
        server.start();
    }

    private record Front(String host, int port) {}

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static int account(JsonNode body) {
        return body.required("accountId").asInt();
    }

    private static long number(JsonNode body) {
        return body.required("sessionNumber").asLong();
    }

    private static CompletableFuture<Boolean> give(Orders orders, JsonNode order) {
        int account = account(order);
        return switch (order.required("kind").asString()) {
            case "REHOME" -> orders.rehome(account, DbProxyClient.Route.of(order));
            case "RELEASE" -> orders.release(account, number(order));
            case "KICK" -> orders.kick(account, number(order));
            default -> throw new IllegalArgumentException(order.toString());
        };
    }

    private static void serve(Orders orders, HttpExchange exchange) throws IOException {
        if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
            answer(exchange, 401, "");
            return;
        }
        try {
            JsonNode body = Json.mapper().readTree(exchange.getRequestBody().readNBytes(LONGEST_BODY));
            List<Integer> unknown = new ArrayList<>();
            for (JsonNode order : body.required("orders")) {
                if (!give(orders, order).get(2, TimeUnit.SECONDS)) {
                    unknown.add(account(order));
                }
            }
            answer(exchange, 200, Json.mapper().writeValueAsString(Map.of("unknown", unknown)));
        } catch (JacksonException | IllegalArgumentException e) {
            answer(exchange, 400, "");
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            answer(exchange, 503, "");
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
