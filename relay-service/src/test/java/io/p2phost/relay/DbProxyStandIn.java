package io.p2phost.relay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.Owner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** db-proxy as a relay sees it: says where players go, and remembers what it is told. */
final class DbProxyStandIn implements AutoCloseable {
    final List<JsonNode> entries = new CopyOnWriteArrayList<>();
    final List<JsonNode> signals = new CopyOnWriteArrayList<>();
    final List<String> announced = new CopyOnWriteArrayList<>();
    volatile String owners = "{\"owners\":[]}";
    volatile boolean away;
    volatile Fault fault = Fault.NONE;
    volatile int group;
    /** When answers about entries are given. */
    volatile Executor late = Runnable::run;
    /** Answered wrongly, or not at all. */
    final AtomicInteger faulty = new AtomicInteger();

    /** With these it does not take what it is told either. */
    private static final Set<Fault> SIGNALS =
            EnumSet.of(Fault.ERROR, Fault.NULL_ERROR, Fault.CUTS, Fault.HANGS, Fault.TRICKLES);

    private final Map<Integer, Map<String, Object>> players = new ConcurrentHashMap<>();
    private final AtomicInteger lastAccount = new AtomicInteger(2_000_000);
    private final HttpServer server;

    /** How it answers instead of as it should. */
    enum Fault {
        NONE,
        ERROR,
        /** With a body that is JSON and no problem document. */
        NULL_ERROR,
        EMPTY,
        NONSENSE,
        UNDECIDED,
        HALF_DECIDED,
        /** The connection ends instead. */
        CUTS,
        HANGS,
        /** An answer begins and never ends. */
        TRICKLES
    }

    DbProxyStandIn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/internal/v1/relays/", exchange -> {
            if (!fails(exchange)) {
                announced.add(exchange.getRequestURI().getPath() + body(exchange));
                answer(exchange, 200, owners);
            }
        });
        server.createContext("/internal/v1/entries", exchange -> {
            if (fault != Fault.NONE) {
                faulty.incrementAndGet();
            }
            if (!fails(exchange)) {
                late.execute(() -> {
                    try {
                        enter(exchange);
                    } catch (IOException e) {
                        // Whoever asked has given up.
                    }
                });
            }
        });
        server.createContext("/internal/v1/player-signals", exchange -> {
            if (SIGNALS.contains(fault)) {
                faulty.incrementAndGet();
                fails(exchange);
                return;
            }
            signals.add(Json.mapper().readTree(body(exchange)));
            answer(exchange, away ? 503 : 204, "");
        });
        server.start();
    }

    /** Answers as the fault says; false when there is none. */
    private boolean fails(HttpExchange exchange) throws IOException {
        switch (fault) {
            case NONE -> {
                return false;
            }
            case ERROR -> answer(exchange, 500, "{}");
            case NULL_ERROR -> answer(exchange, 500, "null");
            case EMPTY -> answer(exchange, 200, "");
            case NONSENSE -> answer(exchange, 200, "<html>");
            case UNDECIDED -> answer(exchange, 200, "{}");
            case HALF_DECIDED ->
                answer(exchange, 200, "{\"decision\":\"ROUTED\",\"map\":\"prt_fild08\",\"owners\":[null]}");
            case CUTS -> exchange.close();
            // Whoever asked gives up by himself.
            case HANGS -> {}
            case TRICKLES -> {
                exchange.sendResponseHeaders(200, 1_000);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
            }
        }
        return true;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A new player, who goes there. */
    int player(Owner owner, String map, long epoch) {
        int account = lastAccount.incrementAndGet();
        goes(account, owner, map, epoch, 1);
        return account;
    }

    void goes(int account, Owner owner, String map, long epoch, long number) {
        Map<String, Object> json = destination(owner, map, epoch, number);
        json.put("group", group);
        players.put(account, json);
    }

    /** As db-proxy says it, in answers and orders. */
    static Map<String, Object> destination(Owner owner, String map, long epoch, long number) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("decision", "ROUTED");
        json.put("owner", owner);
        json.put("map", map);
        json.put("epoch", epoch);
        json.put("loginId1", pseudonym(number));
        json.put("phase", "ARRIVING");
        json.put("group", 0);
        json.put("sessionNumber", number);
        json.put("x", 100);
        json.put("y", 80);
        return json;
    }

    static int pseudonym(long number) {
        return 9_000 + (int) number;
    }

    private void enter(HttpExchange exchange) throws IOException {
        JsonNode asked = Json.mapper().readTree(body(exchange));
        entries.add(asked);
        @Nullable
        Map<String, Object> to = players.get(asked.required("accountId").asInt());
        if (away) {
            answer(exchange, 503, "");
        } else {
            answer(
                    exchange,
                    200,
                    Json.mapper()
                            .writeValueAsString(
                                    to != null ? to : Map.of("decision", "REFUSED", "code", 0, "detail", "unknown")));
        }
    }

    private static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
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
    }
}
