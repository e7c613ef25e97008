package io.p2phost.e2e;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One running suite, started by {@code ./p2p up} from the packaged folder on ports of its own. */
final class Suite implements AutoCloseable {
    static final Path DIST =
            Path.of("../../standalone/dist/target/p2p").toAbsolutePath().normalize();
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    /** Every port that a suite uses, and its char-server, before the offset. */
    private static final int[] PORTS = {15_432, 19_092, 19_093, 5_122, 5_123, 7_443, 7_000, 6_121};

    private static final int CHAR_LINKS = 5_122;
    private static final int CHAR_SERVER = 6_121;
    private static final int TUNNELS = 7_443;
    private static final int FRONT = 7_000;
    /** From a service's port to that of its metrics. */
    private static final int MANAGEMENT = 1_000;

    private static final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Where hosts find the suite that is behind taps. */
    private static final String TAPPED = "127.0.0.2";

    private final Path home;
    private final int offset;
    private final List<TlsTap> taps = new ArrayList<>();

    /**
     * What a command did.
     *
     * @param text standard output and error together
     */
    record Outcome(int status, String text) {}

    /** An answer of the API. */
    record Answer(int status, String contentType, String text) {
        JsonNode json() {
            return Json.mapper().readTree(text);
        }
    }

    private Suite(Path home, int offset) {
        this.home = home;
        this.offset = offset;
    }

    static Suite up(Path home, String... options) throws Exception {
        return up(home, Map.of(), options);
    }

    /** One whose hosts reach relay and db-proxy only through wires that are looked at. */
    static Suite upBehindTaps(Path home) throws Exception {
        Suite suite = up(
                home,
                Map.of(
                        "P2P_RELAY_PUBLIC_HOST",
                        TAPPED,
                        "P2P_DB_PROXY_PUBLIC_HOST",
                        TAPPED,
                        "P2P_REGISTRY_DB_PROXY_HOST",
                        TAPPED));
        suite.tap(TUNNELS, true);
        suite.tap(CHAR_LINKS, true);
        // Players speak rAthena's protocol; they are told the relay's address too.
        suite.tap(FRONT, false);
        return suite;
    }

    private static Suite up(Path home, Map<String, String> environment, String... options) throws Exception {
        Suite suite = new Suite(home, freeOffset());
        List<String> words = new ArrayList<>(List.of(
                DIST.resolve("p2p").toString(),
                "up",
                "--detach",
                "--home",
                home.toString(),
                "--port-offset",
                String.valueOf(suite.offset)));
        words.addAll(List.of(options));
        Outcome outcome = run(words, environment);
        if (outcome.status != 0) {
            throw new AssertionError(outcome);
        }
        return suite;
    }

    private void tap(int port, boolean look) throws IOException {
        InetSocketAddress at = new InetSocketAddress(TAPPED, port + offset);
        InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port + offset);
        taps.add(look ? TlsTap.between(at, to) : TlsTap.unlooked(at, to));
    }

    TlsTap tunnelTap() {
        return taps.getFirst();
    }

    TlsTap charLinkTap() {
        return taps.get(1);
    }

    private static int freeOffset() {
        for (int attempt = 0; attempt < 100; attempt++) {
            // Above it, ports would be among those that the system hands out by itself.
            int offset = ThreadLocalRandom.current().nextInt(1, 13) * 1_000;
            boolean free = IntStream.concat(
                            IntStream.of(PORTS),
                            IntStream.concat(IntStream.range(8_080, 8_087), IntStream.range(9_080, 9_087)))
                    .map(port -> port + offset)
                    .allMatch(Suite::isFree);
            if (free) {
                return offset;
            }
        }
        throw new AssertionError("no free ports for a suite");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    static Outcome p2p(List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of(DIST.resolve("p2p").toString()));
        command.addAll(words);
        return run(command);
    }

    static Outcome run(List<String> command) throws Exception {
        return run(command, Map.of());
    }

    private static Outcome run(List<String> command, Map<String, String> environment) throws Exception {
        Path output = Files.createTempFile("p2p", ".txt");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
                throw new AssertionError(command + " did not end; it said: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    /** Where db-proxy looks for the char-server. */
    Endpoint charServer() {
        return Endpoint.of("127.0.0.1:" + (CHAR_SERVER + offset));
    }

    URI gateway() {
        return URI.create("http://127.0.0.1:" + (8_080 + offset));
    }

    /** Where a service listens for the others; never routed by the gateway. */
    URI internal(ServiceName service) {
        return URI.create("http://127.0.0.1:" + (service.defaultPort() + offset));
    }

    /** Lines of what a service tells Prometheus. */
    List<String> metrics(ServiceName service) throws Exception {
        URI at = URI.create(
                "http://127.0.0.1:" + (service.defaultPort() + MANAGEMENT + offset) + "/actuator/prometheus");
        return http.send(HttpRequest.newBuilder(at).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
    }

    Path secrets() {
        return home.resolve("secrets");
    }

    String adminKey() throws IOException {
        return Files.readString(home.resolve("admin-api-key")).strip();
    }

    Outcome demo() throws Exception {
        return p2p(List.of(
                "demo",
                "--gateway",
                gateway().toString(),
                "--key-file",
                home.resolve("admin-api-key").toString(),
                "--work",
                home.resolve("demo").toString()));
    }

    Answer get(String path) throws Exception {
        return call("GET", path, adminKey(), null);
    }

    /** One call of the API; the path is sent as it is. */
    Answer call(String method, String path, @Nullable String key, @Nullable String body) throws Exception {
        return call(method, path, key, body, "application/json");
    }

    Answer call(String method, String path, @Nullable String key, @Nullable String body, String type) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway().resolve("/api/v1/" + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        if (body != null) {
            request.header("Content-Type", type);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
    }

    /** The process of a part; with {@code --processes} each has its own. */
    ProcessHandle process(String part) throws Exception {
        JsonNode status = Json.mapper().readTree(p2p(List.of("status", "--json", "--home", home.toString())).text);
        for (JsonNode found : status.path("parts")) {
            if (found.path("name").asString("").equals(part)) {
                return ProcessHandle.of(found.path("pid").asLong()).orElseThrow();
            }
        }
        throw new AssertionError("no part " + part + " in " + status);
    }

    /** Signals a part with all its processes: PostgreSQL has one for each connection. */
    static void signal(String name, ProcessHandle process) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, String.valueOf(process.pid())));
        process.descendants().forEach(child -> command.add(String.valueOf(child.pid())));
        new ProcessBuilder(command).start().waitFor();
    }

    /** Lines of the gateway's access log so far. */
    List<JsonNode> accessLog() throws IOException {
        try (Stream<String> lines = Files.lines(home.resolve("logs/gateway.log"), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.contains(" access - {"))
                    .map(line -> Json.mapper().readTree(line.substring(line.indexOf('{'))))
                    .toList();
        }
    }

    /** Processes whose command line names this home: none once the suite is down. */
    List<String> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(home.toString()))
                .map(process -> process.pid() + " " + commandLine(process.pid()))
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    Outcome down() throws Exception {
        return p2p(List.of("down", "--home", home.toString()));
    }

    @Override
    public void close() throws Exception {
        down();
        for (TlsTap tap : taps) {
            tap.close();
        }
    }
}
