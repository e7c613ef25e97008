package io.p2phost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The rival that forwards bytes by its stream module, and serves files by itself. */
final class Nginx {
    private static final List<Path> MODULES = List.of(
            Path.of("/usr/lib/nginx/modules/ngx_stream_module.so"),
            Path.of("/usr/lib64/nginx/modules/ngx_stream_module.so"));

    private Nginx() {}

    private static Optional<Path> program() {
        return Haproxy.find("nginx")
                .or(() -> Optional.of(Path.of("/usr/sbin/nginx")).filter(Files::isExecutable));
    }

    static boolean isThere() {
        return program().isPresent() && MODULES.stream().anyMatch(Files::exists);
    }

    static boolean canServeFiles() {
        return program().isPresent();
    }

    /**
     * One process that serves the files of a folder.
     *
     * @param place puts a command where it shall run
     */
    static Process files(UnaryOperator<List<String>> place, Path folder, String address, int port) throws IOException {
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, """
                daemon off;
                master_process off;
                pid %s;
                error_log stderr crit;
                events {
                    worker_connections 64;
                }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    server {
                        listen %s:%d;
                        root %s;
                    }
                }
                """.formatted(folder.resolve("nginx.pid"), address, port, folder));
        return new ProcessBuilder(place.apply(
                        List.of(program().orElseThrow().toString(), "-p", folder.toString(), "-c", file.toString())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** One process, on the last core, which forwards TCP to that port. */
    static Forwarder plain(int to, int connections) throws IOException, InterruptedException {
        int port = Haproxy.freePort();
        Path folder = Files.createTempDirectory("p2p-bench-");
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, """
                load_module %s;
                daemon off;
                master_process off;
                worker_processes 1;
                pid %s;
                error_log stderr crit;
                events {
                    worker_connections %d;
                }
                stream {
                    tcp_nodelay on;
                    proxy_timeout 10m;
                    server {
                        listen 127.0.0.1:%d backlog=4096;
                        proxy_pass 127.0.0.1:%d;
                    }
                }
                """.formatted(
                        MODULES.stream().filter(Files::exists).findFirst().orElseThrow(),
                        folder.resolve("pid"),
                        2 * connections + 64,
                        port,
                        to));
        List<String> command = Forwarder.pinned();
        command.addAll(List.of(program().orElseThrow().toString(), "-p", folder.toString(), "-c", file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            Haproxy.awaitListening(process, port);
            return Forwarder.of(process, port);
        } finally {
            // It has read it, and leaves nothing of its own behind but the number of its process.
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder.resolve("pid"));
            Files.deleteIfExists(folder);
        }
    }
}
