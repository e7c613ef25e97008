package io.p2phost.dbproxy.suite;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** HAProxy with a configuration as it is shipped. */
public final class Haproxy implements AutoCloseable {
    private final Process process;

    private Haproxy(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param configuration name of the file
     * @param settings what the file takes from the environment
     * @param listening a port at which it listens once it is up
     */
    public static Haproxy start(String configuration, Map<String, String> settings, int listening) throws IOException {
        Path file = Path.of("../deploy/haproxy", configuration).toAbsolutePath().normalize();
        ProcessBuilder command = new ProcessBuilder("haproxy", "-db", "-f", file.toString()).inheritIO();
        command.environment().putAll(settings);
        Haproxy haproxy = new Haproxy(command.start());
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), listening).close();
            return true;
        });
        return haproxy;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
