package io.p2phost.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The rival that carries many connections through one: {@code ssh -R} to an sshd of its own, keys and all, on loopback. */
final class Ssh implements AutoCloseable {
    static final String CIPHER = "aes256-gcm@openssh.com";

    private static final Duration START = Duration.ofSeconds(20);

    private final Path folder = Files.createTempDirectory("p2p-bench-ssh-");
    private final Process server;
    private final Process client;
    private final int port = Haproxy.freePort();

    static boolean isThere() {
        return sshd().isPresent()
                && Haproxy.find("ssh").isPresent()
                && Haproxy.find("ssh-keygen").isPresent();
    }

    private static Optional<Path> sshd() {
        return Haproxy.find("sshd")
                .or(() -> Optional.of(Path.of("/usr/sbin/sshd")).filter(Files::isExecutable));
    }

    /**
     * Starts both and waits until the tunnel stands.
     *
     * @param before words in front of their commands
     * @param target port that the tunnel leads to
     */
    Ssh(List<String> before, int target) throws IOException, InterruptedException {
        int listening = Haproxy.freePort();
        key("host");
        key("user");
        Files.copy(folder.resolve("user.pub"), folder.resolve("authorized"));
        Files.writeString(folder.resolve("sshd.conf"), """
                ListenAddress 127.0.0.1:%1$d
                HostKey %2$s/host
                AuthorizedKeysFile %2$s/authorized
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin prohibit-password
                AllowTcpForwarding remote
                Ciphers %3$s
                Compression no
                """.formatted(listening, folder, CIPHER));
        Path privileges = Path.of("/run/sshd");
        if (System.getProperty("user.name").equals("root") && !Files.isDirectory(privileges)) {
            // sshd, started by root, wants it, and only a service manager makes it.
            Files.createDirectories(privileges);
        }
        server = start(before, "sshd.log", sshd().orElseThrow().toString(), "-D", "-e", "-f", folder + "/sshd.conf");
        Process started = server;
        try {
            awaitListening(started, listening, "sshd.log");
            started = start(
                    before,
                    "ssh.log",
                    "ssh",
                    "-F",
                    "none",
                    "-N",
                    "-p",
                    Integer.toString(listening),
                    "-i",
                    folder + "/user",
                    "-c",
                    CIPHER,
                    "-o",
                    "UserKnownHostsFile=" + folder + "/known",
                    "-o",
                    "StrictHostKeyChecking=accept-new",
                    "-o",
                    "ExitOnForwardFailure=yes",
                    "-o",
                    "Compression=no",
                    "-R",
                    "127.0.0.1:" + port + ":127.0.0.1:" + target,
                    "127.0.0.1");
            awaitListening(started, port, "ssh.log");
        } catch (IOException e) {
            server.destroyForcibly();
            started.destroyForcibly();
            throw e;
        }
        client = started;
    }

    /** Where players connect to. */
    int port() {
        return port;
    }

    /** The relay's end. */
    Process server() {
        return server;
    }

    /** The host's end. */
    Process client() {
        return client;
    }

    private void key(String name) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        "ed25519",
                        "-N",
                        "",
                        "-f",
                        folder.resolve(name).toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("ssh-keygen: " + said);
        }
    }

    private Process start(List<String> before, String log, String... words) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(words));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
    }

    private void awaitListening(Process process, int at, String log) throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), at).close();
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    process.destroyForcibly();
                    throw new IOException(process.info().command().orElse("ssh") + " does not listen: "
                            + Files.readString(folder.resolve(log)));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.destroyForcibly().onExit().join();
        // A session's process is the child of the one that listens.
        List<ProcessHandle> sessions = server.descendants().toList();
        server.destroyForcibly().onExit().join();
        sessions.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
