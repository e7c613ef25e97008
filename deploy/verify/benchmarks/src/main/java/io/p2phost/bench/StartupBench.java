package io.p2phost.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starting the suite on an empty folder and again, in both forms: seconds to ready, CPU seconds to ready, memory, and
 * what it costs when nothing happens. The rival of the small form is one JVM per service.
 */
final class StartupBench implements Bench {
    /** Far from the usual ports, so that a running suite is not in the way. */
    private static final String PORT_OFFSET = "20000";

    private static final Duration SETTLE = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "startup";
    }

    @Override
    public String what() {
        return "seconds to ready of the small form beside one JVM per service; CPU, memory, idle cost";
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        List<Map<String, Object>> raw = new ArrayList<>();
        List<Double> small = new ArrayList<>();
        List<Double> processes = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            small.add(measure(dist, round, "small", raw));
            processes.add(measure(dist, round, "processes", raw));
        }
        return new Outcome(
                name(),
                Figures.median(small),
                Figures.median(processes),
                "one JVM per service",
                "s",
                rounds,
                summary(raw),
                raw);
    }

    private static List<Map<String, Object>> summary(List<Map<String, Object>> raw) {
        List<Map<String, Object>> summary = new ArrayList<>();
        for (String form : List.of("small", "processes")) {
            for (String start : List.of("first", "later")) {
                for (String figure :
                        List.of("secondsToReady", "cpuSecondsToReady", "memoryMegabytes", "idlePercentOfACore")) {
                    List<Double> values = raw.stream()
                            .filter(row -> start.equals(row.get("start")) && form.equals(row.get("form")))
                            .map(row -> (Double) row.get(figure))
                            .toList();
                    summary.add(Figures.spread(form + ", " + start + ": " + figure, values));
                }
            }
        }
        return summary;
    }

    private static double measure(Path dist, int round, String form, List<Map<String, Object>> raw) throws Exception {
        Path home = Files.createTempDirectory("p2p-startup-");
        try {
            start(dist, home, form, "first", round, raw);
            p2p(dist, "down", "--home", home.toString());
            return start(dist, home, form, "later", round, raw);
        } finally {
            p2p(dist, "down", "--home", home.toString());
            delete(home);
        }
    }

    private static double start(
            Path dist, Path home, String form, String which, int round, List<Map<String, Object>> raw)
            throws Exception {
        List<String> words =
                new ArrayList<>(List.of("up", "--detach", "--home", home.toString(), "--port-offset", PORT_OFFSET));
        if (form.equals("processes")) {
            words.add("--processes");
        }
        p2p(dist, words.toArray(String[]::new));
        JsonNode status = JsonMapper.shared().readTree(p2p(dist, "status", "--json", "--home", home.toString()));
        List<Long> pids = new ArrayList<>(List.of(status.get("pid").asLong()));
        status.get("parts").forEach(part -> pids.add(part.get("pid").asLong()));
        ProcessTree ready = ProcessTree.of(pids);
        Thread.sleep(SETTLE);
        ProcessTree settled = ProcessTree.of(pids);
        Thread.sleep(IDLE);
        ProcessTree idle = ProcessTree.of(pids);
        double idlePercent = 100 * (idle.cpuSeconds() - settled.cpuSeconds()) / IDLE.toSeconds();
        double seconds = status.get("readyMillis").asLong() / 1_000.0;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("round", round);
        figures.put("form", form);
        figures.put("start", which);
        figures.put("secondsToReady", seconds);
        figures.put("cpuSecondsToReady", ready.cpuSeconds());
        figures.put("memoryMegabytes", idle.memoryMegabytes());
        figures.put("idlePercentOfACore", idlePercent);
        raw.add(figures);
        System.out.printf(
                Locale.ROOT,
                "round %d  %-9s  %-5s  %5.1f s to ready  %5.1f CPU s  %5.0f MB  %4.1f %% of a core idle%n",
                round,
                form,
                which,
                seconds,
                ready.cpuSeconds(),
                idle.memoryMegabytes(),
                idlePercent);
        return seconds;
    }

    private static String p2p(Path dist, String... words) throws IOException, InterruptedException {
        return p2p(dist, Map.of(), words);
    }

    /** What a command of the suite says; its failure is thrown. */
    static String p2p(Path dist, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(dist.resolve("p2p").toString()));
        command.addAll(List.of(words));
        ProcessBuilder starting = new ProcessBuilder(command).redirectErrorStream(true);
        starting.environment().putAll(environment);
        Process process = starting.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("p2p " + words[0] + " failed: " + output);
        }
        return output;
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
