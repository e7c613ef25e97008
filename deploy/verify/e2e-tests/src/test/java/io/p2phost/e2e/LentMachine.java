package io.p2phost.e2e;

import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Json;
import io.p2phost.demo.StandInBundle;
import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.SimCharServerTcp;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import io.p2phost.ro.sim.SimWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A player's machine, with an agent of the packaged archive that runs a bundle; and the char-server for it to log in. */
final class LentMachine implements AutoCloseable {
    private static final String USER = "s1";
    private static final String PASSWORD = "p1";
    private static final Duration GONE = Duration.ofSeconds(10);

    private final Suite suite;
    private final String map;
    private final Path bundle;
    private final SimCharServerTcp charServer;
    private final String hostId;
    private Path home;
    private Process agent;

    LentMachine(Suite suite, Path home, String map) throws Exception {
        this.suite = suite;
        this.map = map;
        this.home = home;
        this.charServer = new SimCharServerTcp(
                CharServerSettings.stock(USER, PASSWORD, suite.charServer()),
                new SimDatabase(),
                new SimLoginServer(Clock.systemUTC(), 1),
                free(),
                SimCharServerTcp.STOCK_BACKLOG);
        bundle = home.resolveSibling(home.getFileName() + "-bundle");
        StandInBundle.write(
                bundle, "lent.1", List.of(new SimWorld.MapPlan(map, 40, 40, List.of(), List.of())), List.of(), "");
        // How many machines an account lends is limited.
        String code = suite.call(
                        "POST",
                        "enrolments",
                        suite.adminKey(),
                        "{\"accountId\":%d,\"label\":\"lent\"}"
                                .formatted(ThreadLocalRandom.current().nextInt(3_000_000, 2_000_000_000)))
                .json()
                .path("code")
                .asString("");
        Suite.Outcome enrolled = Suite.run(
                command("enroll", "--gateway", suite.gateway().toString(), "--name", "lent", "--region", "EU", code));
        if (enrolled.status() != 0) {
            throw new AssertionError(enrolled);
        }
        // It says that nothing runs yet, by its exit code too.
        this.hostId = status().path("hostId").asString("");
        this.agent = run(Map.of());
    }

    private Process run(Map<String, String> environment) throws IOException {
        ProcessBuilder process = new ProcessBuilder(command("run", "--accept-consent", "--bundle", bundle.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        process.environment().putAll(environment);
        return process.start();
    }

    /** What its agents say. */
    Path log() {
        return home.resolveSibling(home.getFileName() + ".log");
    }

    /**
     * Its agent is killed, and another one started.
     *
     * @param after how long it may go on before
     */
    void killed(Duration after, Map<String, String> environment) throws Exception {
        agent.waitFor(after.toMillis(), TimeUnit.MILLISECONDS);
        agent.destroyForcibly().waitFor();
        agent = run(environment);
    }

    /**
     * Its home is copied, and an agent started there: one key, two agents. From here on this is the machine of the copy.
     *
     * @return the agent of the home that was copied
     */
    Process copied() throws IOException {
        Path copy = home.resolveSibling(home.getFileName() + "-copy");
        // What its map-servers use is no file of a machine that is switched off.
        Path cells = home.resolve("cells");
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(f -> !f.startsWith(cells)).toList()) {
                Files.copy(file, copy.resolve(home.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Process first = agent;
        home = copy;
        agent = run(Map.of());
        return first;
    }

    String hostId() {
        return hostId;
    }

    /** What the registry says. */
    String state() throws Exception {
        return suite.get("hosts/" + hostId).json().path("state").asString("");
    }

    /** What {@code p2p-host status} says. */
    JsonNode status() throws Exception {
        return Json.mapper().readTree(Suite.run(command("status", "--json")).text());
    }

    Process agent() {
        return agent;
    }

    /** The map's map-server, while it runs. */
    Optional<ProcessHandle> cell() {
        Path file = home.resolve("cells").resolve(map + ".pid");
        try {
            return Files.exists(file)
                    ? ProcessHandle.of(Long.parseLong(Files.readString(file).split(" ")[0]))
                            .filter(ProcessHandle::isAlive)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its map-server does wrong from its next start on. */
    void misdeed(String misdeed) throws IOException {
        Files.writeString(home.resolve("cells").resolve(map).resolve(StandInBundle.MISDEEDS), misdeed);
    }

    private static Endpoint free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Endpoint.of("127.0.0.1:" + socket.getLocalPort());
        }
    }

    private List<String> command(String... words) {
        List<String> command =
                new ArrayList<>(List.of(Suite.DIST.resolve("bin/p2p-host").toString()));
        command.addAll(List.of(words));
        command.addAll(2, List.of("--home", home.toString()));
        return command;
    }

    @Override
    public void close() throws Exception {
        agent.destroy();
        agent.waitFor();
        charServer.close();
        await().atMost(GONE).until(() -> cell().isEmpty());
    }
}
