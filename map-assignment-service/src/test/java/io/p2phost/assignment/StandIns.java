package io.p2phost.assignment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Small HTTP servers in the place of db-proxy, registry and relay, with the true rules where this service depends on
 * them: compare-and-set of owners, one public port a map, the list of living relays.
 */
final class StandIns implements AutoCloseable {
    static final String RELAY_ID = "relay-eu-1";

    private final HttpServer dbProxy = server();
    private final HttpServer registry = server();
    private final HttpServer relay = server();
    private final Map<String, Row> owners = new TreeMap<>();
    private final Set<String> hostsRefused = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();

    /** Every change that was decided, in order. */
    final List<Row> changes = new CopyOnWriteArrayList<>();

    /** Every list of standbys that the relay was told. */
    final List<JsonNode> standbysTold = new CopyOnWriteArrayList<>();

    /** Standbys that are linked, as host and map. */
    final Map<String, String> linked = new ConcurrentHashMap<>();

    /** Hosts that another relay or db-proxy hears: how long each has been silent. */
    final Map<String, Long> heardByRelay = new ConcurrentHashMap<>();

    final Map<String, Long> heardByDbProxy = new ConcurrentHashMap<>();

    volatile boolean relayAlive = true;

    /** How far hosts are, as the relay measures it. */
    volatile List<Map<String, Object>> tunnels = List.of();

    /** What the registry says of the released bundle. */
    volatile Map<String, Object> bundle = Map.of("maps", List.of());

    /** What the relay says of a player who is asked for; null: it fails. */
    volatile @Nullable List<Map<String, Object>> playersAnswer = List.of();

    /** Who shall go on through another relay. */
    final List<String> shed = new CopyOnWriteArrayList<>();

    volatile boolean dbProxyFails;
    volatile Duration dbProxyDelay = Duration.ZERO;

    /** How long a change of owner takes besides: final saves are waited for. */
    volatile Duration changeDelay = Duration.ZERO;

    /** Players on the VPS whose clients only it can read, by map. */
    volatile List<Map<String, Object>> directPlayers = List.of();

    /** Called with every change in effect, as a relay hears of it. */
    volatile Consumer<Row> onChange = row -> {};

    /** An owner in effect. */
    record Row(
            MapName map,
            Epoch epoch,
            @Nullable Owner owner,
            @Nullable String cause,
            boolean planned) {}

    StandIns(TestTokens tokens) {
        String jwks = get(tokens.registryUrl() + "/internal/v1/jwks");
        dbProxy.createContext("/internal/v1/owners", this::owners);
        dbProxy.createContext("/internal/v1/direct-players", e -> answer(e, 200, directPlayers));
        dbProxy.createContext(
                "/internal/v1/ping",
                e -> answer(e, 200, Map.of("service", "db-proxy", "state", "UP", "parts", Map.of("postgres", "UP"))));
        registry.createContext("/internal/v1/jwks", e -> answer(e, 200, jwks));
        registry.createContext("/internal/v1/relays", this::relays);
        registry.createContext("/internal/v1/bundle-release", e -> answer(e, 200, bundle));
        registry.createContext(
                "/internal/v1/ping",
                e -> answer(
                        e,
                        200,
                        Map.of(
                                "service",
                                "host-registry",
                                "state",
                                "DEGRADED",
                                "parts",
                                Map.of("kafka", "does not answer"))));
        relay.createContext("/internal/v1/routes", this::routes);
        relay.createContext("/internal/v1/tunnels", e -> answer(e, 200, tunnels));
        relay.createContext("/internal/v1/standbys", e -> {
            standbysTold.add(Json.mapper().readTree(e.getRequestBody().readAllBytes()));
            answer(e, 200, Map.of("told", 1));
        });
        relay.createContext("/internal/v1/players/", e -> {
            if (playersAnswer == null) {
                answer(e, 503, Map.of());
            } else {
                answer(e, 200, playersAnswer);
            }
        });
        relay.createContext("/internal/v1/silences", e -> silences(e, heardByRelay));
        dbProxy.createContext(
                "/internal/v1/standbys",
                e -> answer(
                        e,
                        200,
                        linked.entrySet().stream()
                                .map(link -> Map.of("hostId", link.getKey(), "map", link.getValue()))
                                .toList()));
        dbProxy.createContext("/internal/v1/relays/", e -> {
            String body = new String(e.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            shed.add(e.getRequestURI() + " " + body);
            boolean known = body.contains("relay-2");
            answer(
                    e,
                    known ? 200 : 409,
                    known
                            ? Map.of("moved", 50, "left", 7)
                            : Map.of("type", "https://p2p-host.example/problems/conflict", "detail", "no such relay"));
        });
        dbProxy.createContext("/internal/v1/silences", e -> silences(e, heardByDbProxy));
        dbProxy.start();
        registry.start();
        relay.start();
    }

    Map<String, String> settings() {
        return Map.of(
                "p2p.services.db-proxy", url(dbProxy),
                "p2p.services.host-registry", url(registry),
                "p2p.services.relay", url(relay),
                // Nobody is there, whatever else runs on this machine.
                "p2p.services.gateway", "http://127.0.0.1:1");
    }

    int portOf(String map) {
        return ports.computeIfAbsent(map, name -> 7000 + ports.size());
    }

    void refuse(String hostId) {
        hostsRefused.add(hostId);
    }

    synchronized @Nullable Row owner(String map) {
        return owners.get(map);
    }

    /** Hosts that own a map. */
    synchronized Set<String> hostsWithMaps() {
        Set<String> hosts = new TreeSet<>();
        for (Row row : owners.values()) {
            Owner owner = row.owner();
            if (owner != null && owner.isHost()) {
                hosts.add(owner.id());
            }
        }
        return hosts;
    }

    /** Loses a row, as a database that was restored from before it. */
    synchronized void forget(String map) {
        owners.remove(map);
    }

    /** A change that somebody else made. */
    void force(String map, @Nullable Owner owner) {
        Row now;
        synchronized (this) {
            Row before = owners.get(map);
            now = new Row(
                    new MapName(map), (before == null ? Epoch.NONE : before.epoch()).next(), owner, "FORCED", false);
            owners.put(map, now);
        }
        portOf(map);
        changes.add(now);
    }

    private void owners(HttpExchange exchange) throws IOException {
        pause(dbProxyDelay);
        if (dbProxyFails) {
            answer(exchange, 503, Map.of("type", "https://p2phost.dev/problems/unavailable", "detail", "away"));
            return;
        }
        if (exchange.getRequestMethod().equals("GET")) {
            synchronized (this) {
                List<Map<String, Object>> rows = new ArrayList<>();
                owners.values().forEach(row -> rows.add(members(row)));
                answer(exchange, 200, rows);
            }
            return;
        }
        pause(changeDelay);
        String path = exchange.getRequestURI().getPath();
        MapName map = MapName.of(path.substring(path.lastIndexOf('/') + 1));
        JsonNode body = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
        long from = body.get("fromEpoch").asLong();
        Owner owner = body.has("owner") ? Json.mapper().convertValue(body.get("owner"), Owner.class) : null;
        if (owner != null && hostsRefused.contains(owner.id())) {
            answer(
                    exchange,
                    409,
                    Map.of("type", "https://p2phost.dev/problems/owner-not-ready", "detail", "not ready"));
            return;
        }
        Row now;
        synchronized (this) {
            Row before = owners.get(map.value());
            long epoch = before == null ? 0 : before.epoch().value();
            if (epoch != from) {
                Map<String, Object> problem = new LinkedHashMap<>(
                        members(before == null ? new Row(map, Epoch.NONE, null, null, false) : before));
                problem.put("type", "https://p2phost.dev/problems/stale-epoch");
                answer(exchange, 409, problem);
                return;
            }
            now = new Row(
                    map,
                    Epoch.of(from + 1),
                    owner,
                    body.get("cause").asString(),
                    body.get("planned").asBoolean());
            owners.put(map.value(), now);
            changes.add(now);
        }
        int port = portOf(map.value());
        onChange.accept(now);
        Map<String, Object> answer = new LinkedHashMap<>(members(now));
        answer.put(
                "routes",
                relayAlive
                        ? List.of(Map.of("relayId", RELAY_ID, "region", "eu", "host", "127.0.0.1", "port", port))
                        : List.of());
        answer(exchange, 200, answer);
    }

    private static void pause(Duration time) {
        if (!time.isZero()) {
            java.util.concurrent.locks.LockSupport.parkNanos(time.toNanos());
        }
    }

    private static Map<String, Object> members(Row row) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("map", row.map());
        members.put("epoch", row.epoch());
        if (row.owner() != null) {
            members.put("owner", row.owner());
        }
        return members;
    }

    private static void silences(HttpExchange exchange, Map<String, Long> heard) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        Json.mapper()
                .readTree(exchange.getRequestBody().readAllBytes())
                .path("hosts")
                .forEach(asked -> {
                    Long silent = heard.get(asked.asString());
                    if (silent != null) {
                        rows.add(Map.of("hostId", asked.asString(), "silentMillis", silent));
                    }
                });
        answer(exchange, 200, Map.of("hosts", rows));
    }

    private void relays(HttpExchange exchange) throws IOException {
        answer(
                exchange,
                200,
                relayAlive
                        ? List.of(Map.of(
                                "relayId",
                                RELAY_ID,
                                "region",
                                "eu",
                                "host",
                                "127.0.0.1",
                                "tunnelPort",
                                7443,
                                "apiUrl",
                                url(relay)))
                        : List.of());
    }

    private void routes(HttpExchange exchange) throws IOException {
        List<Map<String, Object>> routes = new ArrayList<>();
        ports.forEach((map, port) -> routes.add(Map.of("map", map, "host", "127.0.0.1", "port", port)));
        answer(exchange, 200, routes);
    }

    private static HttpServer server() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            return server;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static String get(String url) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = body instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : Json.mapper().writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        dbProxy.stop(0);
        registry.stop(0);
        relay.stop(0);
    }
}
