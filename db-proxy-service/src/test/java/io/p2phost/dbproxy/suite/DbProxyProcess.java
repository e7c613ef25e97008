package io.p2phost.dbproxy.suite;

import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.DbProxyApplication;
import io.p2phost.testkit.TestTokens;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The whole service as a process of its own, so that it can be killed as a process is. */
final class DbProxyProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final File OUTPUT = new File("target", "db-proxy-process.log");

    private final TestTokens tokens;
    private final Map<String, String> settings;
    private final URI url;
    private final URI metrics;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Process process;

    /**
     * Prepares it.
     *
     * @param settings all of them, ports too: it must be found again after a restart
     */
    DbProxyProcess(TestTokens tokens, int port, int metricsPort, Map<String, String> settings) {
        this.tokens = tokens;
        this.settings = settings;
        this.url = URI.create("http://127.0.0.1:" + port);
        this.metrics = URI.create("http://127.0.0.1:" + metricsPort + "/actuator/prometheus");
    }

    URI url() {
        return url;
    }

    /** Starts it, also again; comes back when it answers. */
    void start() throws IOException {
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
        try {
            return send(request("/internal/v1/owners").GET()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
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

    /** Changes a map's owner; gives the new epoch. */
    long own(String map, long fromEpoch, Owner owner, boolean planned) throws IOException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("fromEpoch", fromEpoch);
        body.put("owner", owner);
        body.put("planned", planned);
        body.put("cause", "TEST");
        HttpResponse<String> answer = send(request("/internal/v1/owners/" + map)
                .PUT(HttpRequest.BodyPublishers.ofString(Json.mapper().writeValueAsString(body))));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(map + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.mapper().readTree(answer.body()).required("epoch").asLong();
    }

    /** The epoch in effect; 0 for a map that nobody had yet. */
    long epoch(String map) throws IOException, InterruptedException {
        for (JsonNode row : Json.mapper()
                .readTree(send(request("/internal/v1/owners").GET()).body())) {
            if (row.required("map").asString().equals(map)) {
                return row.required("epoch").asLong();
            }
        }
        return 0;
    }

    /** What it says of one of the parts that it needs. */
    String partState(String part) throws IOException, InterruptedException {
        return Json.mapper()
                .readTree(send(request("/internal/v1/ping").GET()).body())
                .required("parts")
                .required(part)
                .asString();
    }

    /** A metric's value; 0 before there is any. */
    double metric(String name) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(metrics).timeout(TIMEOUT))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + tokens.service(ServiceName.MAP_ASSIGNMENT, ServiceName.DB_PROXY));
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
