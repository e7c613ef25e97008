package io.p2phost.bench;

import io.p2phost.contracts.ServiceName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process under test between the two ends of a load, or none: then the ends are joined directly.
 *
 * @param port where the load connects
 * @param out what the process says, behind its port; null where it says nothing
 */
record Forwarder(
        @Nullable Process process, int port, @Nullable BufferedReader out) implements AutoCloseable {
    /** Before anything is pinned: a pinned process sees its own cores only. */
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    static Forwarder none(int port) {
        return new Forwarder(null, port, null);
    }

    /** A program that listens already. */
    static Forwarder of(Process process, int port) {
        return new Forwarder(process, port, null);
    }

    /** A main class of ours with the options that a service has; the first line it prints is its port. */
    static Forwarder ours(Path dist, ServiceName service, Class<?> main, String... args) throws IOException {
        List<String> command = pinned();
        command.addAll(command(dist, service, main, args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String port = out.readLine();
        if (port == null || !port.matches("\\d+")) {
            process.destroyForcibly();
            throw new IOException(main.getSimpleName() + " did not start: " + port + " (expected: its port)");
        }
        return new Forwarder(process, Integer.parseInt(port), out);
    }

    /** The command of a JVM like that service's. */
    static List<String> command(Path dist, ServiceName service, Class<?> main, String... args) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String options : List.of("service", service.id())) {
            Path file = dist.resolve("launcher").resolve(options + ".args");
            if (Files.exists(file)) {
                command.add("@" + file);
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** Words before a command that keep it on the last core, where that can be said. */
    static List<String> pinned() {
        List<String> command = new ArrayList<>();
        if (canPin()) {
            command.addAll(List.of("taskset", "-c", Integer.toString(CORES - 1)));
        }
        return command;
    }

    /** Keeps this process, which makes the load, off that core. */
    static void stayOff() throws IOException, InterruptedException {
        if (canPin()) {
            String others = CORES == 2 ? "0" : "0-" + (CORES - 2);
            String own = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("taskset", "-a", "-c", "-p", others, own)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    private static boolean canPin() {
        return CORES > 1 && Haproxy.find("taskset").isPresent();
    }

    ProcessTree use() {
        return process == null ? new ProcessTree(0, 0, 0) : ProcessTree.of(List.of(process.pid()));
    }

    /** Says a line to the process, and gives its answer. */
    String ask(String line) throws IOException {
        if (process == null || out == null) {
            throw new IOException("nobody to ask for " + line);
        }
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        return String.valueOf(out.readLine());
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
