package io.p2phost.links.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.tls.PeerIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** Registry, assignment and db-proxy as a service with links sees them: one HTTP server that answers and remembers. */
public final class SuiteStandIn implements AutoCloseable {
    /** As assignment answers a report. */
    public static final String TAKEN = "{\"moved\":[]}";

    public final TestAuthority authority = new TestAuthority();
    public final List<JsonNode> failovers = new CopyOnWriteArrayList<>();
    public final List<JsonNode> readiness = new CopyOnWriteArrayList<>();
    public final List<String> announced = new CopyOnWriteArrayList<>();
    public volatile String owners = "{\"owners\":[]}";
    public volatile String hostState = "READY";
    public volatile boolean signs = true;
    public volatile boolean assignmentAway;
    /** What a report of a lost host is answered with. */
    public volatile String taken = TAKEN;

    public volatile boolean hostsAway;
    public volatile Duration certificateLife = Duration.ofHours(1);
    private final ServiceName service;
    private final HttpServer server;

    public SuiteStandIn(ServiceName service) {
        this.service = service;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/internal/v1/certificates", this::certificate);
        server.createContext("/internal/v1/hosts/", this::host);
        server.createContext("/internal/v1/relays/", exchange -> {
            announced.add(exchange.getRequestURI().getPath() + body(exchange));
            answer(exchange, 200, owners);
        });
        server.createContext("/internal/v1/failovers", exchange -> note(exchange, failovers, 202, taken));
        server.createContext("/internal/v1/readiness", exchange -> note(exchange, readiness, 204, ""));
        server.start();
    }

    /** Properties that send a service here for everything. */
    public Map<String, String> settings() {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return Map.of(
                "p2p.services.host-registry", url,
                "p2p.services.map-assignment", url,
                "p2p.services.db-proxy", url);
    }

    private void certificate(HttpExchange exchange) throws IOException {
        String csr = Json.mapper().readTree(body(exchange)).get("csr").asString();
        if (!signs) {
            answer(exchange, 503, "{\"type\":\"about:blank\",\"status\":503,\"detail\":\"no signing today\"}");
            return;
        }
        Instant notAfter = Instant.now().plus(certificateLife);
        String leaf = TestAuthority.pem(authority.issue(csr, PeerIdentity.SERVICE_URN + service.id(), notAfter));
        answer(
                exchange,
                201,
                Json.mapper()
                        .writeValueAsString(Map.of(
                                "certificate",
                                leaf,
                                "caBundle",
                                TestAuthority.pem(authority.certificate()),
                                "notAfter",
                                notAfter.toString())));
    }

    private void host(HttpExchange exchange) throws IOException {
        if (hostsAway) {
            answer(exchange, 503, "{\"type\":\"about:blank\",\"status\":503}");
        } else {
            String path = exchange.getRequestURI().getPath();
            String id = path.substring(path.lastIndexOf('/') + 1);
            answer(exchange, 200, "{\"hostId\":\"" + id + "\",\"state\":\"" + hostState + "\",\"tier\":3}");
        }
    }

    private void note(HttpExchange exchange, List<JsonNode> notes, int status, String reply) throws IOException {
        String body = body(exchange);
        if (assignmentAway) {
            answer(exchange, 503, "{\"type\":\"about:blank\",\"status\":503}");
            return;
        }
        notes.add(Json.mapper().readTree(body));
        answer(exchange, status, reply);
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
