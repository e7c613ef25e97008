package io.p2phost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** MariaDB as a char-server would have it: InnoDB, each commit on the disk, no binary log. Its folder is deleted at the end. */
final class Mariadb implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("p2p-bench-mariadb-");
    private final int port = Haproxy.freePort();
    private final Process process;

    static boolean isThere() {
        return program("mariadbd").isPresent() && program("mariadb-install-db").isPresent();
    }

    /** Servers are where an ordinary user does not look. */
    private static Optional<Path> program(String name) {
        return Haproxy.find(name)
                .or(() -> Optional.of(Path.of("/usr/sbin", name)).filter(Files::isExecutable));
    }

    Mariadb() throws IOException, InterruptedException {
        String data = "--datadir=" + folder.resolve("data");
        Path log = folder.resolve("log");
        Process install = start(
                log,
                "mariadb-install-db",
                "--no-defaults",
                data,
                "--auth-root-authentication-method=normal",
                "--skip-test-db");
        if (install.waitFor() != 0) {
            throw new IOException("MariaDB could not make its data folder: " + Files.readString(log));
        }
        process = start(
                log,
                "mariadbd",
                "--no-defaults",
                data,
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + folder.resolve("socket"),
                "--skip-name-resolve",
                "--skip-log-bin",
                "--innodb-flush-log-at-trx-commit=1");
        Haproxy.awaitListening(process, port);
    }

    private static Process start(Path log, String name, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(program(name).orElseThrow().toString()));
        command.addAll(List.of(arguments));
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root");
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    String url() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/mysql?user=root&useServerPrepStmts=true";
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        StartupBench.delete(folder);
    }
}
