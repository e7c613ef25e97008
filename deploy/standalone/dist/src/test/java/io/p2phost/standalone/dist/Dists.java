package io.p2phost.standalone.dist;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.suite.ServiceSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Packaged suites to test with. */
final class Dists {
    /**
     * The real launcher, broker and database with services that start in a moment: each serves its health, fails when a
     * file {@code fail-ID} lies in the home, closes itself on {@code GET /die}, and notes its arguments.
     */
    private static final String QUICK_SERVICE = """
            package PACKAGE;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;
            import java.nio.file.Files;
            import java.nio.file.Path;

            public final class CLASS {
                public static AutoCloseable start(String... args) throws Exception {
                    int port = 0;
                    Path home = null;
                    for (String arg : args) {
                        if (arg.startsWith("--management.server.port=")) {
                            port = Integer.parseInt(arg.substring(arg.indexOf('=') + 1));
                        } else if (arg.startsWith("--spring.config.import=configtree:")) {
                            home = Path.of(arg.substring(arg.indexOf(':') + 1)).getParent().getParent();
                        }
                    }
                    if (Files.exists(home.resolve("fail-NAME"))) {
                        throw new IllegalStateException("told to fail");
                    }
                    Files.write(home.resolve("args-NAME"), java.util.List.of(args));
                    HttpServer server =
                            HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 10);
                    server.createContext("/actuator/health/", exchange -> {
                        exchange.sendResponseHeaders(200, -1);
                        exchange.close();
                    });
                    server.createContext("/die", exchange -> {
                        exchange.sendResponseHeaders(200, -1);
                        exchange.close();
                        new Thread(() -> server.stop(0)).start();
                    });
                    server.start();
                    return () -> server.stop(0);
                }

                public static void main(String[] args) throws Exception {
                    start(args);
                }
            }
            """;

    private Dists() {}

    static Path real() {
        return Path.of("target", "p2p").toAbsolutePath();
    }

    /** Makes a dist with quick services in {@code folder}. */
    static Path quick(Path folder) throws IOException {
        Path dist = Files.createDirectories(folder.resolve("dist"));
        for (String shared : new String[] {"kafka", "database", "launcher", "lib", "bin"}) {
            Files.createSymbolicLink(dist.resolve(shared), real().resolve(shared));
        }
        Files.copy(real().resolve("p2p"), dist.resolve("p2p"), StandardCopyOption.COPY_ATTRIBUTES);
        Path services = Files.createDirectories(dist.resolve("services"));
        for (ServiceSpec spec : ServiceSpec.ALL) {
            ServiceName service = spec.service();
            jar(folder, spec, services.resolve(service.id() + ".jar"));
            Files.writeString(services.resolve(service.id() + ".classpath"), "");
        }
        return dist;
    }

    private static void jar(Path folder, ServiceSpec spec, Path jar) throws IOException {
        String name = spec.applicationClass();
        int dot = name.lastIndexOf('.');
        String id = spec.name();
        Path work = Files.createDirectories(folder.resolve("work").resolve(id));
        Path source = work.resolve(name.substring(dot + 1) + ".java");
        Files.writeString(
                source,
                QUICK_SERVICE
                        .replace("PACKAGE", name.substring(0, dot))
                        .replace("CLASS", name.substring(dot + 1))
                        .replace("NAME", id));
        Path classes = Files.createDirectories(work.resolve("classes"));
        List<String> options = new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), source.toString()));
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new)) != 0) {
            throw new IOException("the quick service does not compile");
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                packed.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, packed);
            }
        }
    }
}
