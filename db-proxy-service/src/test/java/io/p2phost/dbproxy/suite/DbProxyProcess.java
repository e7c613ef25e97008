package io.p2phost.dbproxy.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.DbProxyApplication;
import io.p2phost.testkit.TestTokens;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The whole service as a process of its own, so that it can be killed as a process is. */
final class DbProxyProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final File OUTPUT = new File("target", "db-proxy-process.log");

    private static final String OWNERS = "/internal/v1/owners";

    private final TestTokens tokens;
    private final Map<String, String> settings;
    private final URI url;
    private final URI api;
    private final URI management;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Process process;

    /**
     * Prepares it.
     *
     * @param settings all of them, ports too: it must be found again after a restart
     * @param api where requests are sent, if not to itself
     */
    DbProxyProcess(TestTokens tokens, Map<String, String> settings, @Nullable URI api) {
        String address = settings.getOrDefault("p2p.bind-address", "127.0.0.1");
        this.tokens = tokens;
        this.settings = settings;
        this.url = URI.create("http://" + address + ":" + settings.get("server.port"));
        this.api = api == null ? url : api;
        this.management = URI.create("http://" + address + ":" + settings.get("management.server.port"));
    }

    /** Where requests are sent. */
    URI api() {
        return api;
    }

    /** Starts it, also again; comes back when it works. */
    void start() throws IOException {
        startStandby();
        await("db-proxy's turn, see " + OUTPUT).atMost(START).until(this::works);
    }

    /** Starts it; comes back when it says how it is. */
    void startStandby() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                DbProxyApplication.class.getName()));
        settings.forEach((key, value) -> command.add("--" + key + "=" + value));
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(OUTPUT))
                .start();
        process = started;
        await("db-proxy, see " + OUTPUT).atMost(START).until(() -> isAnswering(started));
    }

    private boolean isAnswering(Process started) throws InterruptedException {
        if (!started.isAlive()) {
            throw new IllegalStateException("db-proxy ended with " + started.exitValue() + ", see " + OUTPUT);
        }
        return readiness() > 0;
    }

    /** Whether it is its turn. */
    boolean works() throws InterruptedException {
        return readiness() == 200;
    }

    private int readiness() throws InterruptedException {
        try {
            return send(get(management.resolve("/actuator/health/readiness"))).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** What it answers when it is asked itself for the owners of maps. */
    int owners() throws IOException, InterruptedException {
        return send(request(url, OWNERS).GET()).statusCode();
    }

    /** Whether requests are led to one that works. */
    boolean isReached() throws IOException, InterruptedException {
        return send(request(api, OWNERS).GET()).statusCode() == 200;
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** As by kill -9. */
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null && !running.destroyForcibly().waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("db-proxy does not end");
        }
    }

    /** As by kill. */
    void stop() throws InterruptedException {
        Process running = Objects.requireNonNull(process);
        running.destroy();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).as("db-proxy ends").isTrue();
    }

    /** As when its machine is out of breath. */
    void signal(String name) throws IOException, InterruptedException {
        String id = String.valueOf(Objects.requireNonNull(process).pid());
        int failed =
                new ProcessBuilder("kill", "-" + name, id).inheritIO().start().waitFor();
        assertThat(failed).as("kill -" + name).isZero();
    }

    /** Changes a map's owner; gives the new epoch. */
    long own(String map, long fromEpoch, Owner owner, boolean planned) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(api, OWNERS + "/" + map)
                .PUT(HttpRequest.BodyPublishers.ofString(change(fromEpoch, owner, planned))));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(map + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.mapper().readTree(answer.body()).required("epoch").asLong();
    }

    private static String change(long fromEpoch, Owner owner, boolean planned) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("fromEpoch", fromEpoch);
        body.put("owner", owner);
        body.put("planned", planned);
        body.put("cause", "TEST");
        return Json.mapper().writeValueAsString(body);
    }

    /** Asks for a planned change and is gone before it is answered. */
    void ownAndGo(String map, long fromEpoch, Owner owner) throws IOException {
        String body = change(fromEpoch, owner, true);
        String head = String.join(
                "\r\n",
                "PUT " + OWNERS + "/" + map + " HTTP/1.1",
                "Host: " + api.getAuthority(),
                "Authorization: " + bearer(),
                "Content-Type: application/json",
                "Content-Length: " + body.length(),
                "",
                body);
        try (Socket socket = new Socket(api.getHost(), api.getPort())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The epoch in effect; 0 for a map that nobody had yet. */
    long epoch(String map) throws IOException, InterruptedException {
        for (JsonNode row :
                Json.mapper().readTree(send(request(api, OWNERS).GET()).body())) {
            if (row.required("map").asString().equals(map)) {
                return row.required("epoch").asLong();
            }
        }
        return 0;
    }

    /** What it says of one of the parts that it needs. */
    String partState(String part) throws IOException, InterruptedException {
        return Json.mapper()
                .readTree(send(request(api, "/internal/v1/ping").GET()).body())
                .required("parts")
                .required(part)
                .asString();
    }

    /** A metric's value; 0 before there is any. */
    double metric(String name) throws IOException, InterruptedException {
        return send(get(management.resolve("/actuator/prometheus")))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    private static HttpRequest.Builder get(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    }

    private HttpRequest.Builder request(URI of, String path) {
        return get(of.resolve(path)).header("Content-Type", "application/json").header("Authorization", bearer());
    }

    private String bearer() {
        return "Bearer " + tokens.service(ServiceName.MAP_ASSIGNMENT, ServiceName.DB_PROXY);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws Exception {
        http.shutdownNow();
        kill();
    }
}
