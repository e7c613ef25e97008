package io.p2phost.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The rival that forwards bytes. */
final class Haproxy {
    private static final Duration START = Duration.ofSeconds(20);

    private Haproxy() {}

    static boolean isThere() {
        return find("haproxy").isPresent();
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** One thread, on the last core, which forwards TCP to that port. */
    static Forwarder plain(int to, int connections) throws IOException, InterruptedException {
        int port = freePort();
        Process process = start(Forwarder.pinned(), port, """
                global
                    nbthread 1
                    maxconn %d
                defaults
                    mode tcp
                    timeout connect 2s
                    timeout client 10m
                    timeout server 10m
                listen pass
                    bind 127.0.0.1:%d backlog 4096
                    server next 127.0.0.1:%d
                """.formatted(connections, port, to));
        return Forwarder.of(process, port);
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param before words in front of its command
     */
    static Process start(List<String> before, int port, String configuration) throws IOException, InterruptedException {
        return start(before, port, configuration, Map.of());
    }

    /**
     * The same.
     *
     * @param environment what the configuration takes from there
     */
    static Process start(List<String> before, int port, String configuration, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile("p2p-bench-", ".cfg");
        Files.writeString(file, configuration);
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("haproxy", "-db", "-f", file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            awaitListening(process, port);
            return process;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    static void awaitListening(Process process, int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (!process.isAlive()) {
                    throw new IOException(process.info().command().orElse("it") + ": "
                            + new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                }
                if (System.nanoTime() > end) {
                    process.destroyForcibly();
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    static Optional<Path> find(String program) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
