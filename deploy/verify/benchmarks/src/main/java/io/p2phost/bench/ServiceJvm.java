package io.p2phost.bench;

import io.p2phost.contracts.ServiceName;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A main class in a process with a service's own jars, those of Spring and of the database too, and with its Java options.
 * It is told and answers line by line.
 */
final class ServiceJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private ServiceJvm(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts one of ours. */
    static ServiceJvm start(Path dist, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(command(dist, ServiceName.DB_PROXY));
        command.add("-Dlogback.configurationFile=bench-logback.xml");
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ServiceJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The words before a main class: Java, the service's options, its jars and then ours. */
    static List<String> command(Path dist, ServiceName service) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String options : List.of("service", service.id())) {
            Path file = dist.resolve("launcher").resolve(options + ".args");
            if (Files.exists(file)) {
                command.add("@" + file);
            }
        }
        Path services = dist.resolve("services");
        Stream<String> jars = Files.readAllLines(services.resolve(service.id() + ".classpath")).stream()
                .map(jar -> dist.resolve("lib").resolve(jar).toString());
        // Other services' tables are none of this one's.
        Stream<String> bench = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(jar -> !jar.contains("-service-"));
        command.add("-cp");
        command.add(Stream.of(Stream.of(services.resolve(service.id() + ".jar").toString()), jars, bench)
                .flatMap(each -> each)
                .collect(Collectors.joining(File.pathSeparator)));
        return command;
    }

    long pid() {
        return process.pid();
    }

    /** Says a line to it, and gives its answer. */
    String ask(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        return hear();
    }

    /** What it says next. */
    String hear() throws IOException {
        String line = out.readLine();
        // It says so itself when memory does not suffice.
        if (line == null || line.startsWith("Terminating")) {
            throw new IOException("a process of the measurement ended"
                    + (line == null ? "" : " (" + line + ")") + " with "
                    + process.onExit().join().exitValue() + " (expected: its answer)");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
