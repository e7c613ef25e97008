package io.p2phost.bench;

import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.Topics;
import io.p2phost.links.testing.SuiteStandIn;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Two whole db-proxies on one database behind the shipped configurations of HAProxy, with the suite's Kafka and PostgreSQL.
 * Registry, assignment and a relay stand in.
 */
final class TakeoverPair implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String RELAY = "relay-1";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Path folder = Files.createTempDirectory("p2p-bench-takeover-");
    private final HttpClient http = HttpClient.newHttpClient();
    private final TestTokens tokens = opened(new TestTokens());
    private final SuiteStandIn standIn = opened(new SuiteStandIn(ServiceName.DB_PROXY));
    private final ScheduledExecutorService relay = Executors.newSingleThreadScheduledExecutor();
    private final Path dist;
    private final int httpPort = Haproxy.freePort();
    private final int linkPort = Haproxy.freePort();
    private final int managementPort = Haproxy.freePort();
    private final Instance first;
    private final Instance second;
    private boolean keepsLogs;

    /** One of the two. */
    final class Instance {
        private final String address;
        private final Map<String, String> settings;
        private Process process;

        private Instance(String address, Map<String, String> common) throws IOException {
            this.address = address;
            this.settings = new LinkedHashMap<>(common);
            settings.put("p2p.bind-address", address);
            settings.put("p2p.db-proxy.instance-id", "db-proxy-" + address);
            this.process = launch();
        }

        private Process launch() throws IOException {
            List<String> command = new ArrayList<>(ServiceJvm.command(dist, ServiceName.DB_PROXY));
            command.add("io.p2phost.dbproxy.DbProxyApplication");
            settings.forEach((key, value) -> command.add("--" + key + "=" + value));
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve(address + ".log").toFile()))
                    .start();
        }

        /** As by kill -9. */
        void kill() {
            process.destroyForcibly();
        }

        /** After it ended. */
        void start() throws IOException {
            process.destroyForcibly().onExit().join();
            process = launch();
        }

        /** 200 when it works, 503 when it stands by, 0 when it says nothing. */
        int readiness() throws InterruptedException {
            try {
                return http.send(
                                HttpRequest.newBuilder(URI.create("http://" + address + ":" + managementPort
                                                + "/actuator/health/readiness"))
                                        .timeout(TIMEOUT)
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                return 0;
            }
        }

        boolean works() throws InterruptedException {
            return readiness() == 200;
        }

        void awaitAnswer() throws IOException, InterruptedException {
            await("db-proxy at " + address + " (log in " + folder + ")", START, () -> readiness() != 0);
        }
    }

    /** What is waited for. */
    interface Condition {
        boolean isMet() throws Exception;
    }

    /** Starts everything; the first instance works then, and the second stands by. */
    TakeoverPair(Path dist, int charServer, int maps) throws Exception {
        this.dist = dist;
        try {
            Postgresql database = opened(new Postgresql(dist));
            int kafka = kafka();
            try (ServiceJvm says =
                    ServiceJvm.start(dist, TakeoverCatalogue.class, "127.0.0.1:" + kafka, Integer.toString(maps))) {
                says.hear();
            }
            int multiplexerPort = Haproxy.freePort();
            int corePort = Haproxy.freePort();
            haproxy(
                    "char-server.cfg",
                    corePort,
                    Map.of(
                            "P2P_LISTEN",
                            "127.0.0.1",
                            "P2P_MULTIPLEXER_PORT",
                            Integer.toString(multiplexerPort),
                            "P2P_CORE_PORT",
                            Integer.toString(corePort),
                            "P2P_CHAR_SERVER",
                            "127.0.0.1:" + charServer));
            int vpsPort = Haproxy.freePort();
            Map<String, String> settings = new LinkedHashMap<>(standIn.settings());
            settings.put("spring.datasource.url", database.url());
            settings.put("spring.datasource.username", Postgresql.USER);
            // Not asked for, but there has to be one.
            settings.put("spring.datasource.password", Postgresql.USER);
            settings.put("spring.flyway.create-schemas", "true");
            settings.put("spring.kafka.bootstrap-servers", "127.0.0.1:" + kafka);
            settings.put("server.port", Integer.toString(httpPort));
            settings.put("management.server.port", Integer.toString(managementPort));
            settings.put("p2p.tokens.private-key", tokens.privateKeyOf(ServiceName.DB_PROXY));
            settings.put("p2p.tokens.service-keys", tokens.serviceKeys());
            settings.put("p2p.db-proxy.port", Integer.toString(linkPort));
            settings.put("p2p.db-proxy.vps.port", Integer.toString(vpsPort));
            settings.put("p2p.db-proxy.upstream", "127.0.0.1:" + multiplexerPort);
            settings.put("p2p.db-proxy.core-upstream", "127.0.0.1:" + corePort);
            settings.put("p2p.db-proxy.front", "127.0.0.1:7000");
            settings.put("p2p.db-proxy.saves.variables", ".*");
            settings.put("p2p.db-proxy.instances", "http://127.0.0.2:" + httpPort + ",http://127.0.0.3:" + httpPort);
            for (String limit : List.of("max-per-address", "max-per-network")) {
                settings.put("p2p.db-proxy.hosts." + limit, "4000");
            }
            first = new Instance("127.0.0.2", settings);
            open.push(first::kill);
            await("db-proxy (log in " + folder + ")", START, first::works);
            second = new Instance("127.0.0.3", settings);
            open.push(second::kill);
            second.awaitAnswer();
            haproxy(
                    "db-proxy.cfg",
                    httpPort,
                    Map.of(
                            "P2P_LISTEN", "127.0.0.1",
                            "P2P_DB_PROXY_1", "127.0.0.2",
                            "P2P_DB_PROXY_2", "127.0.0.3",
                            "P2P_HTTP_PORT", Integer.toString(httpPort),
                            "P2P_LINK_PORT", Integer.toString(linkPort),
                            "P2P_VPS_PORT", Integer.toString(vpsPort),
                            "P2P_MANAGEMENT_PORT", Integer.toString(managementPort)));
            relay();
        } catch (Exception e) {
            keepsLogs = true;
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }

    private int kafka() throws Exception {
        int port = Haproxy.freePort();
        Path ready = folder.resolve("kafka.ready");
        Process broker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + dist.resolve("launcher/broker.args"),
                        "-cp",
                        dist.resolve("kafka") + "/*",
                        "io.p2phost.standalone.broker.BrokerMain",
                        "directory=" + folder.resolve("kafka"),
                        "host=127.0.0.1",
                        "port=" + port,
                        "controller.port=" + Haproxy.freePort(),
                        "topics="
                                + String.join(
                                        ",",
                                        Topics.ALL.stream()
                                                .filter(topic -> !Topics.COMPACTED.contains(topic))
                                                .toList()),
                        "topics.compacted=" + String.join(",", Topics.COMPACTED),
                        "ready.file=" + ready)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("kafka.log").toFile())
                .start();
        open.push(() -> broker.destroyForcibly().onExit().join());
        await("Kafka (log in " + folder + ")", START, () -> Files.exists(ready));
        return port;
    }

    private void haproxy(String configuration, int listening, Map<String, String> environment)
            throws IOException, InterruptedException {
        try (InputStream in = TakeoverPair.class.getResourceAsStream("/haproxy/" + configuration)) {
            if (in == null) {
                throw new IOException("haproxy/" + configuration + " is missing in this build");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Process process = Haproxy.start(List.of(), listening, text, environment);
            open.push(() -> process.destroyForcibly().onExit().join());
        }
    }

    /** A relay that is alive, and does what it is told. */
    private void relay() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] done = "{\"unknown\":[],\"host\":\"127.0.0.1\",\"port\":7000}".getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, done.length);
            exchange.getResponseBody().write(done);
            exchange.close();
        });
        server.start();
        open.push(() -> server.stop(0));
        open.push(relay::shutdownNow);
        String api = "http://127.0.0.1:" + server.getAddress().getPort();
        relay.scheduleAtFixedRate(
                () -> {
                    try {
                        call(
                                "PUT",
                                "/internal/v1/relays/" + RELAY,
                                ServiceName.RELAY,
                                Map.of("region", "bench", "host", "127.0.0.1", "apiUrl", api));
                    } catch (IOException e) {
                        // Nobody works at the moment.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                0,
                1,
                TimeUnit.SECONDS);
    }

    /** Through HAProxy, to whoever works. */
    private JsonNode call(String method, String path, ServiceName from, Map<String, Object> body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + tokens.service(from, ServiceName.DB_PROXY))
                        .method(
                                method,
                                HttpRequest.BodyPublishers.ofString(
                                        Json.mapper().writeValueAsString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.mapper().readTree(answer.body());
    }

    /** A host has the map from now on. */
    void own(int host) throws IOException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("fromEpoch", 0);
        body.put("owner", Owner.host(Hosting.host(host)));
        body.put("planned", false);
        body.put("cause", "BENCH");
        call("PUT", "/internal/v1/owners/" + Hosting.map(host), ServiceName.MAP_ASSIGNMENT, body);
    }

    /** A player enters; gives his session id. */
    int enter(int account) throws IOException, InterruptedException {
        JsonNode answer = call(
                "POST",
                "/internal/v1/entries",
                ServiceName.RELAY,
                Map.of(
                        "relayId",
                        RELAY,
                        "clientIp",
                        "127.0.0.9",
                        "accountId",
                        account,
                        "characterId",
                        MemoryPlayer.character(account),
                        "loginId1",
                        1,
                        "sex",
                        0));
        if (!answer.required("decision").asString().equals("ROUTED")) {
            throw new IOException("player " + account + ": " + answer);
        }
        return (int) answer.required("loginId1").asLong();
    }

    Instance first() {
        return first;
    }

    Instance second() {
        return second;
    }

    SuiteStandIn standIn() {
        return standIn;
    }

    /** Where hosts connect. */
    InetSocketAddress links() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), linkPort);
    }

    static void await(String what, Duration time, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (true) {
            try {
                if (condition.isMet()) {
                    return;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(what + ": " + e.getMessage(), e);
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException(what + ": not within " + time.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        http.shutdownNow();
        if (!keepsLogs) {
            StartupBench.delete(folder);
        }
    }
}
