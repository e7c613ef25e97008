package io.p2phost.e2e;

import io.p2phost.contracts.Json;
import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.MapServerSettings;
import io.p2phost.ro.sim.SimCharServerTcp;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import io.p2phost.ro.sim.SimMapServerTcp;
import io.p2phost.ro.sim.SimWorld;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** A player's machine, with an agent of the packaged archive and a map-server; and the char-server that lets it log in. */
final class LentMachine implements AutoCloseable {
    private static final String USER = "s1";
    private static final String PASSWORD = "p1";

    private final Suite suite;
    private final Path home;
    private final SimCharServerTcp charServer;
    private final SimMapServerTcp mapServer;
    private final Process agent;
    private final String hostId;

    LentMachine(Suite suite, Path home, String map) throws Exception {
        this.suite = suite;
        this.home = home;
        this.charServer = new SimCharServerTcp(
                CharServerSettings.stock(USER, PASSWORD, suite.charServer()),
                new SimDatabase(),
                new SimLoginServer(Clock.systemUTC(), 1),
                free(),
                SimCharServerTcp.STOCK_BACKLOG);
        Endpoint charLink = free();
        this.mapServer = new SimMapServerTcp(
                MapServerSettings.stock(USER, PASSWORD, free(), charLink, List.of(map), 1),
                new SimWorld(List.of(new SimWorld.MapPlan(map, 40, 40, List.of(), List.of()))),
                free());
        String code = suite.call("POST", "enrolments", suite.adminKey(), "{\"accountId\":2000088,\"label\":\"lent\"}")
                .json()
                .path("code")
                .asString("");
        Suite.Outcome enrolled = Suite.run(
                command("enroll", "--gateway", suite.gateway().toString(), "--name", "lent", "--region", "EU", code));
        if (enrolled.status() != 0) {
            throw new AssertionError(enrolled);
        }
        // It says that nothing runs yet, by its exit code too.
        this.hostId = Json.mapper()
                .readTree(Suite.run(command("status", "--json")).text())
                .path("hostId")
                .asString("");
        this.agent = new ProcessBuilder(command(
                        "run", "--serve", map + "=" + mapServer.endpoint(), "--char-port", map + "=" + charLink.port()))
                .redirectErrorStream(true)
                .redirectOutput(home.resolveSibling("agent.log").toFile())
                .start();
    }

    String hostId() {
        return hostId;
    }

    /** What the registry says. */
    String state() throws Exception {
        return suite.get("hosts/" + hostId).json().path("state").asString("");
    }

    Process agent() {
        return agent;
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
        mapServer.close();
        charServer.close();
    }
}
