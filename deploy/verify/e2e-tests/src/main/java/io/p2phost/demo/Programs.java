package io.p2phost.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The processes of the demo: stand-in map-servers, and agents from the packaged archive. */
final class Programs {
    private final Path dist;
    private final Path work;
    private final Path pids;
    private final List<Process> started = new ArrayList<>();

    /**
     * @param dist the packaged suite
     * @param work where homes and logs go
     */
    Programs(Path dist, Path work) {
        this.dist = dist;
        this.work = work;
        this.pids = work.resolve("pids");
    }

    Path work() {
        return work;
    }

    /** A machine's map-servers. */
    record StandIn(String machine, Process process, Map<String, Integer> ports) {
        int port(String map) {
            return Optional.ofNullable(ports.get(map))
                    .orElseThrow(() -> new DemoFailure("stand-in " + machine + " has no " + map));
        }
    }

    /** Starts a machine's map-servers and waits until each has its port. */
    StandIn standIn(String machine, String address, List<String> maps) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                StandInMain.class.getName(),
                machine,
                address));
        command.addAll(maps);
        Process process = new ProcessBuilder(command)
                .redirectError(work.resolve(machine + "-map-servers.log").toFile())
                .start();
        register(process);
        Map<String, Integer> ports = new LinkedHashMap<>();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        while (ports.size() < maps.size()) {
            String line = out.readLine();
            if (line == null) {
                throw new DemoFailure("the stand-in map-servers of " + machine + " ended at once; see " + work);
            }
            ports.put(line.substring(0, line.indexOf(' ')), Integer.valueOf(line.substring(line.indexOf(' ') + 1)));
        }
        return new StandIn(machine, process, ports);
    }

    /** What a short command of the agent said. */
    record Outcome(int exitCode, String out, String err) {}

    /** Runs a command of {@code p2p-host} to its end. */
    Outcome host(Duration deadline, List<String> arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(dist.resolve("bin/p2p-host").toString()));
        command.addAll(arguments);
        Path out = Files.createTempFile(work, "out", ".txt");
        Path err = Files.createTempFile(work, "err", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            register(process);
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                killTree(process);
                throw new DemoFailure(
                        "p2p-host " + arguments.getFirst() + " did not end within " + deadline.toSeconds() + " s");
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    /** Starts {@code p2p-host run}; its output goes to a log of its own. */
    Process agent(String machine, Path home, Map<String, Integer> serves) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(dist.resolve("bin/p2p-host").toString(), "run", "--home", home.toString()));
        serves.forEach((map, port) -> command.addAll(List.of("--serve", map + "=127.0.0.1:" + port)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(machine).toFile()))
                .start();
        register(process);
        return process;
    }

    Path log(String machine) {
        return work.resolve(machine + "-agent.log");
    }

    /** kill -9, the children first so that none is left alone. */
    static void killTree(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void register(Process process) throws IOException {
        synchronized (started) {
            started.add(process);
        }
        Instant start = process.info().startInstant().orElse(Instant.EPOCH);
        Files.writeString(
                pids,
                process.pid() + " " + start + "\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
    }

    /** Ends everything this demo started: asked first, killed after five seconds. */
    void stopAll() {
        List<Process> running;
        synchronized (started) {
            running = started.stream().filter(Process::isAlive).toList();
        }
        running.forEach(Process::destroy);
        long until = System.nanoTime() + Duration.ofSeconds(6).toNanos();
        for (Process process : running) {
            try {
                if (!process.waitFor(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    killTree(process);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                killTree(process);
            }
        }
    }

    /** Ends processes that a killed demo left: same id and same start time, so never somebody else's. */
    static int endLeftovers(Path work) throws IOException {
        Path pids = work.resolve("pids");
        if (!Files.exists(pids)) {
            return 0;
        }
        int ended = 0;
        try (Stream<String> lines = Files.lines(pids)) {
            for (String line : lines.toList()) {
                String[] parts = line.split(" ");
                Optional<ProcessHandle> process = parts.length == 2 && parts[0].matches("[0-9]{1,10}")
                        ? ProcessHandle.of(Long.parseLong(parts[0]))
                        : Optional.empty();
                boolean same = process.flatMap(handle -> handle.info().startInstant())
                        .map(start -> start.toString().equals(parts[1]))
                        .orElse(false);
                if (same) {
                    process.get().destroyForcibly();
                    ended++;
                }
            }
        }
        Files.delete(pids);
        return ended;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
