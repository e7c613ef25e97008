package io.p2phost.e2e;

import io.p2phost.contracts.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A player's machine: an agent of the packaged archive, and a map-server that listens and says nothing. */
final class LentMachine implements AutoCloseable {
    private final Suite suite;
    private final Path home;
    private final ServerSocket mapServer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Process agent;
    private final String hostId;

    LentMachine(Suite suite, Path home, String map) throws Exception {
        this.suite = suite;
        this.home = home;
        Thread.ofVirtual().start(this::acceptAll);
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
        this.agent = new ProcessBuilder(command("run", "--serve", map + "=127.0.0.1:" + mapServer.getLocalPort()))
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

    private void acceptAll() {
        try {
            while (true) {
                Socket connection = mapServer.accept();
                Thread.ofVirtual().start(() -> readAll(connection));
            }
        } catch (IOException e) {
            // Closed: the machine is given back.
        }
    }

    private static void readAll(Socket connection) {
        try (connection) {
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The other end is gone.
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
    }
}
