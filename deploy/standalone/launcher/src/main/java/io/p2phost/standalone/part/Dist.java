package io.p2phost.standalone.part;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The packaged suite.
 *
 * @param root folder with {@code lib}, {@code services}, {@code kafka}, {@code database} and {@code launcher}
 */
public record Dist(Path root) {
    public Dist {
        root = root.toAbsolutePath().normalize();
    }

    /** The service's plain module jar. */
    public Path serviceJar(ServiceName service) {
        return root.resolve("services").resolve(service.id() + ".jar");
    }

    /** The shared jars that the service sees. */
    public List<Path> serviceLibraries(ServiceName service) throws IOException {
        Path list = root.resolve("services").resolve(service.id() + ".classpath");
        Path lib = root.resolve("lib");
        return Files.readAllLines(list).stream()
                .filter(line -> !line.isBlank())
                .map(lib::resolve)
                .toList();
    }

    /** Everything the broker is made of; it shares nothing with the services. */
    public List<Path> kafkaJars() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("kafka"))) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** A few monsters and items in rAthena's layout: what is judged against until the operator names his own tree. */
    public Path sampleReference() {
        return root.resolve("config").resolve("reference");
    }

    public Path postgresqlBinary(String name) {
        return root.resolve("database").resolve("bin").resolve(name);
    }

    /** JVM options for one kind of process: {@code suite}, {@code service}, {@code broker}, or what one service adds. */
    public Path jvmOptions(String kind) {
        return root.resolve("launcher").resolve(kind + ".args");
    }

    /** Refuses a folder that is not a whole dist. */
    public void check() throws Refusal {
        List<Path> needed = new ArrayList<>(
                List.of(root.resolve("lib"), root.resolve("kafka"), postgresqlBinary("postgres"), jvmOptions("suite")));
        for (ServiceName service : ServiceName.values()) {
            needed.add(serviceJar(service));
        }
        for (Path path : needed) {
            if (!Files.exists(path)) {
                throw new Refusal(path + " is missing from the packaged suite: build it again with ./p2p build.");
            }
        }
    }
}
