package io.p2phost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The suite's own PostgreSQL with the suite's settings, on an empty folder that is deleted at the end. */
final class Postgresql implements AutoCloseable {
    /** Role and schema, as db-proxy has them. */
    static final String USER = "gamedata";

    private final Path folder = Files.createTempDirectory("p2p-bench-postgresql-");
    private final int port = Haproxy.freePort();
    private final Process process;

    Postgresql(Path dist) throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        Path log = folder.resolve("log");
        Process initdb = start(
                log,
                dist.resolve("database/bin/initdb"),
                "-D",
                data.toString(),
                "-U",
                USER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions");
        if (initdb.waitFor() != 0) {
            throw new IOException("PostgreSQL could not make its data folder: " + Files.readString(log));
        }
        // As the launcher writes it.
        Files.writeString(data.resolve("postgresql.conf"), """

                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                max_connections = 120
                fsync = on
                synchronous_commit = on
                full_page_writes = on
                shared_buffers = 32MB
                max_wal_size = 256MB
                min_wal_size = 32MB
                io_method = sync
                max_parallel_workers = 2
                autovacuum_max_workers = 2
                autovacuum_naptime = 60s
                jit = off
                log_min_messages = warning
                """.formatted(port), StandardOpenOption.APPEND);
        process = start(log, dist.resolve("database/bin/postgres"), "-D", data.toString());
        Haproxy.awaitListening(process, port);
    }

    private static Process start(Path log, Path program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // It refuses to run as root: in a user namespace of its own it does not see that it is.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    long pid() {
        return process.pid();
    }

    /** Nothing of it is needed any more. */
    @Override
    public void close() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-QUIT", Long.toString(pid())).start().waitFor();
        process.onExit().join();
        StartupBench.delete(folder);
    }
}
