package io.p2phost.standalone.dist;

import io.p2phost.standalone.Refusal;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.home.HomeLock;
import io.p2phost.standalone.home.Signals;
import io.p2phost.standalone.suite.PortCheck;
import io.p2phost.standalone.suite.PortPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./p2p} of one dist, one home and free ports. */
final class P2p {
    private static final Duration DEADLINE = Duration.ofMinutes(4);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * What a command did.
     *
     * @param text standard output and error together
     */
    record Outcome(int status, String text) {}

    final Home home;
    final PortPlan ports;
    private final Path dist;

    P2p(Path dist, Path home) throws IOException {
        this.dist = dist;
        this.home = new Home(home);
        this.ports = freePorts();
    }

    Outcome up(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("up", "--port-offset", Integer.toString(ports.offset())));
        words.addAll(List.of(options));
        return run(words.toArray(String[]::new));
    }

    /** Starts it in the background and insists that it is ready. */
    void upDetached(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of(options));
        words.add("--detach");
        Outcome outcome = up(words.toArray(String[]::new));
        if (outcome.status() != 0 || !outcome.text().contains("Ready in ")) {
            throw new AssertionError(outcome + "\n" + logs());
        }
    }

    Outcome run(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(dist.resolve("p2p").toString()));
        command.addAll(List.of(words));
        if (!List.of(words).contains("--home")) {
            command.addAll(List.of("--home", home.root().toString()));
        }
        return execute(command);
    }

    /** Any command, with its output. */
    static Outcome execute(List<String> command) throws Exception {
        Path output = Files.createTempFile("p2p", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end; it said: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    JsonNode status() throws Exception {
        return JSON.readTree(run("status", "--json").text());
    }

    JsonNode part(String name) throws Exception {
        for (JsonNode part : status().path("parts")) {
            if (part.path("name").stringValue("").equals(name)) {
                return part;
            }
        }
        return JSON.createObjectNode();
    }

    long pid(String part) throws Exception {
        return part(part).path("pid").asLong();
    }

    boolean launcherLives() throws Refusal {
        return HomeLock.isHeld(home);
    }

    /** Ends a process as a crash would, and returns when it is gone. */
    static void kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        while (Signals.runs(process)) {
            Thread.onSpinWait();
        }
    }

    /** Processes whose command line names this home: none once the suite is down. */
    List<String> processes() {
        String mark = home.root().toString();
        return ProcessHandle.allProcesses()
                .filter(Signals::runs)
                .filter(process -> commandLine(process.pid()).contains(mark))
                .map(process -> process.pid() + " " + commandLine(process.pid()).replace('\0', ' '))
                .toList();
    }

    String logs() throws IOException {
        StringBuilder text = new StringBuilder();
        if (Files.isDirectory(home.logs())) {
            for (String name : new String[] {"launcher", "kafka", "postgresql"}) {
                if (Files.exists(home.log(name))) {
                    List<String> lines = Files.readAllLines(home.log(name));
                    text.append("== ").append(name).append('\n');
                    lines.subList(Math.max(0, lines.size() - 30), lines.size())
                            .forEach(l -> text.append(l).append('\n'));
                }
            }
        }
        return text.toString();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static PortPlan freePorts() throws IOException {
        for (int i = 0; i < 100; i++) {
            PortPlan plan = new PortPlan(ThreadLocalRandom.current().nextInt(1000, 13_000));
            try {
                PortCheck.check(plan);
                return plan;
            } catch (Refusal e) {
                // Another offset, then.
            }
        }
        throw new IOException("no free ports");
    }
}
