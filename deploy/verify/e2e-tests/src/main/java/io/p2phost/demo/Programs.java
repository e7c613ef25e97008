package io.p2phost.demo;

import io.p2phost.contracts.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The processes of the demo: simulated game servers, and agents from the packaged archive. */
final class Programs {
    private final Path dist;
    private final Path work;
    private final Path pids;
    private final List<String> place;
    private final List<Process> started;

    /**
     * @param dist the packaged suite
     * @param work where homes and logs go
     */
    Programs(Path dist, Path work) {
        this(dist, work, List.of(), new ArrayList<>());
    }

    private Programs(Path dist, Path work, List<String> place, List<Process> started) {
        this.dist = dist;
        this.work = work;
        this.pids = work.resolve("pids");
        this.place = List.copyOf(place);
        this.started = started;
    }

    /** The same, but agents run where these words before their command put them. */
    Programs at(List<String> words) {
        return new Programs(dist, work, words, started);
    }

    Path work() {
        return work;
    }

    /** Simulated servers in a process of their own. */
    static final class StandIn {
        private final String name;
        private final Process process;
        private final BufferedReader answers;
        private final Writer questions;

        StandIn(String name, Process process) {
            this.name = name;
            this.process = process;
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            questions = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        }

        Process process() {
            return process;
        }

        /** Asks the servers something, see {@link StandInMain}. */
        synchronized JsonNode ask(String question) {
            try {
                questions.write(question + "\n");
                questions.flush();
                String answer = answers.readLine();
                if (answer != null) {
                    return Json.mapper().readTree(answer);
                }
            } catch (IOException e) {
                throw new DemoFailure("the stand-in servers of " + name + " are gone", e);
            }
            throw new DemoFailure("the stand-in servers of " + name + " are gone");
        }

        /** Whether that server is logged in at its char-server. */
        boolean isReady(String server) {
            return ask("ready " + server).booleanValue();
        }

        /** Whether that server has him. */
        boolean plays(String server, Player player) {
            return ask("players " + server)
                    .valueStream()
                    .anyMatch(each -> each.asString("").equals(player.name()));
        }
    }

    /** Starts simulated servers, with the arguments of {@link StandInMain}, and waits until they listen. */
    StandIn standIn(String name, List<String> arguments) throws IOException {
        return standIn(name, "-Xmx48m", StandInMain.class, arguments);
    }

    /** The same for any program that says something when it has started, and then answers lines by lines of JSON. */
    StandIn standIn(String name, String heap, Class<?> program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                heap,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(arguments);
        Path log = work.resolve(name + "-servers.log");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        register(process);
        StandIn standIn = new StandIn(name, process);
        if (standIn.answers.readLine() == null) {
            throw new DemoFailure("the stand-in servers of " + name + " ended at once; see " + log);
        }
        return standIn;
    }

    /** What a short command of the agent said. */
    record Outcome(int exitCode, String out, String err) {}

    /** Runs a command of {@code p2p-host} to its end. */
    Outcome host(Duration deadline, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(place);
        command.add(dist.resolve("bin/p2p-host").toString());
        command.addAll(arguments);
        return run("p2p-host " + arguments.getFirst(), deadline, command);
    }

    /** Runs any command to its end. */
    Outcome run(String name, Duration deadline, List<String> command) throws IOException, InterruptedException {
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
                throw new DemoFailure(name + " did not end within " + deadline.toSeconds() + " s");
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    /** Starts {@code p2p-host run} with these further options; its output goes to a log of its own. */
    Process agent(String machine, Path home, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(place);
        command.addAll(List.of(dist.resolve("bin/p2p-host").toString(), "run", "--home", home.toString()));
        command.addAll(options);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(machine).toFile()))
                .start();
        register(process);
        return process;
    }

    /** Starts any other program in a folder of its own; its output goes to that log. */
    Process server(Path folder, Path log, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        register(process);
        return process;
    }

    Path dist() {
        return dist;
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
