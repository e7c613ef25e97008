package io.p2phost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rival with TLS for each connection: stunnel at both ends, on loopback. Nothing is multiplexed, so nothing can hold
 * another up.
 */
final class Stunnel implements AutoCloseable {
    private static final String PROGRAM = "stunnel";
    private static final String CIPHER = "TLS_AES_256_GCM_SHA384";

    private final Path folder = Files.createTempDirectory("p2p-bench-stunnel-");
    private final int port = Haproxy.freePort();
    private final int between = Haproxy.freePort();
    private final Process server;
    private final Process client;

    static boolean isThere() {
        return Haproxy.find(PROGRAM).isPresent();
    }

    /**
     * Starts both ends and waits until they listen.
     *
     * @param before words in front of their commands
     * @param tls folder of either end's key and certificates: {@code relay} and {@code host}
     * @param target port that the host's end leads to
     */
    Stunnel(List<String> before, Path tls, int target) throws IOException, InterruptedException {
        server = start(before, "host", between, """
                accept = 127.0.0.1:%d
                connect = 127.0.0.1:%d
                """.formatted(between, target), tls.resolve("relay"));
        try {
            client = start(before, "relay", port, """
                    client = yes
                    accept = 127.0.0.1:%d
                    connect = 127.0.0.1:%d
                    """.formatted(port, between), tls.resolve("host"));
        } catch (IOException e) {
            server.destroyForcibly();
            throw e;
        }
    }

    private Process start(List<String> before, String name, int listening, String ends, Path tls)
            throws IOException, InterruptedException {
        Path file = folder.resolve(name + ".conf");
        Files.writeString(file, """
                foreground = yes
                pid =
                syslog = no
                debug = err
                socket = l:TCP_NODELAY=1
                socket = r:TCP_NODELAY=1
                [tunnel]
                %1$s
                cert = %2$s/cert.pem
                key = %2$s/key.pem
                CAfile = %2$s/ca.pem
                verifyChain = yes
                sslVersionMin = TLSv1.3
                ciphersuites = %3$s
                """.formatted(ends, tls, CIPHER));
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(PROGRAM, file.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        try {
            Haproxy.awaitListening(process, listening);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException("stunnel does not listen: " + Files.readString(folder.resolve(name + ".log")), e);
        }
        return process;
    }

    /** Where players connect to. */
    int port() {
        return port;
    }

    /** Where the host's end takes TLS. */
    int between() {
        return between;
    }

    /** The relay's end: it encrypts what players say. */
    Process client() {
        return client;
    }

    /** The host's end. */
    Process server() {
        return server;
    }

    @Override
    public void close() throws IOException {
        client.destroyForcibly().onExit().join();
        server.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
