package io.p2phost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Choosing a host in process at 10, 1,000 and 10,000 hosts under their heartbeats, each time in a JVM of its own. The
 * last line has the p99 at 10,000 hosts.
 */
final class PickBench implements Bench {
    /** Below this share of its core a contender waited for the machine: the measurement does not count. */
    private static final double LEAST_CPU_SHARE = 0.7;

    /** Below this share of the heartbeats that were due, the contender had an easier time than it should. */
    private static final double LEAST_HEARTBEATS = 0.9;

    private static final int MAX_ATTEMPTS = 3;
    private static final List<Integer> HOSTS = List.of(10, 1_000, 10_000);
    private static final int SHOWN = HOSTS.getLast();

    /** One contender in one JVM. */
    private record Measured(
            String contender,
            int hosts,
            long samples,
            double p50Micros,
            double p99Micros,
            double maxMicros,
            double cpuShare,
            double heartbeatsPerSecond,
            boolean pinned) {
        boolean valid() {
            double due = (double) hosts / PickBenchmark.HEARTBEAT_SECONDS;
            return cpuShare >= LEAST_CPU_SHARE && heartbeatsPerSecond >= LEAST_HEARTBEATS * due;
        }

        Map<String, Object> figures(int round) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", contender);
            figures.put("hosts", hosts);
            figures.put("samples", samples);
            figures.put("p50Micros", p50Micros);
            figures.put("p99Micros", p99Micros);
            figures.put("maxMicros", maxMicros);
            figures.put("cpuShare", cpuShare);
            figures.put("heartbeatsPerSecond", heartbeatsPerSecond);
            figures.put("pinned", pinned);
            figures.put("valid", valid());
            return figures;
        }
    }

    @Override
    public String name() {
        return "pick";
    }

    @Override
    public String what() {
        return "choosing a host under live heartbeats at 10, 1,000, 10,000 hosts, beside " + ScanPicker.NAME;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        List<Map<String, Object>> raw = new ArrayList<>();
        Map<Integer, List<Double>> ours = new LinkedHashMap<>();
        Map<Integer, List<Double>> rival = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (int hosts : HOSTS) {
                // Who is first changes, so that a machine that slows down does not favour one.
                List<String> order = round % 2 == 1
                        ? List.of(PickBenchmark.OURS, PickBenchmark.RIVAL)
                        : List.of(PickBenchmark.RIVAL, PickBenchmark.OURS);
                for (String contender : order) {
                    double p99 = measure(round, contender, hosts, raw);
                    (contender.equals(PickBenchmark.OURS) ? ours : rival)
                            .computeIfAbsent(hosts, size -> new ArrayList<>())
                            .add(p99);
                }
            }
        }
        List<Map<String, Object>> summary = new ArrayList<>();
        for (int hosts : HOSTS) {
            summary.add(Figures.spread("ours, " + hosts + " hosts: p99 us", ours.getOrDefault(hosts, List.of())));
            summary.add(Figures.spread("rival, " + hosts + " hosts: p99 us", rival.getOrDefault(hosts, List.of())));
            if (hosts != SHOWN) {
                System.out.println(outcome(name() + "-" + hosts, hosts, ours, rival, rounds, summary, raw)
                        .line());
            }
        }
        return outcome(name(), SHOWN, ours, rival, rounds, summary, raw);
    }

    private static Outcome outcome(
            String name,
            int hosts,
            Map<Integer, List<Double>> ours,
            Map<Integer, List<Double>> rival,
            int rounds,
            List<Map<String, Object>> summary,
            List<Map<String, Object>> raw) {
        return new Outcome(
                name,
                Figures.median(ours.getOrDefault(hosts, List.of())),
                Figures.median(rival.getOrDefault(hosts, List.of())),
                ScanPicker.NAME,
                "us-p99-" + hosts,
                rounds,
                summary,
                raw);
    }

    /** Measures until a measurement counts; gives its p99 in microseconds. */
    private static double measure(int round, String contender, int hosts, List<Map<String, Object>> raw)
            throws RunnerException, IOException {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Measured measured = once(contender, hosts);
            raw.add(measured.figures(round));
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %-5s  %6d hosts  p50 %8.1f  p99 %8.1f  max %9.1f us  %3.0f %% of its core%s%n",
                    round,
                    contender,
                    hosts,
                    measured.p50Micros,
                    measured.p99Micros,
                    measured.maxMicros,
                    100 * measured.cpuShare,
                    measured.valid() ? "" : "  (does not count)");
            if (measured.valid()) {
                return measured.p99Micros;
            }
        }
        throw new IllegalStateException("pick: the machine is too busy: " + MAX_ATTEMPTS + " measurements of "
                + contender + " at " + hosts + " hosts had too little of it (expected: " + LEAST_CPU_SHARE
                + " of a core and " + LEAST_HEARTBEATS + " of the heartbeats)");
    }

    private static Measured once(String contender, int hosts) throws RunnerException, IOException {
        Path notes = Files.createTempFile("p2p-pick-", ".txt");
        try {
            RunResult result = new Runner(new OptionsBuilder()
                            .include(PickBenchmark.class.getName())
                            .param("contender", contender)
                            .param("hosts", Integer.toString(hosts))
                            .forks(1)
                            .warmupIterations(2)
                            .warmupTime(TimeValue.seconds(1))
                            .measurementIterations(3)
                            .measurementTime(TimeValue.seconds(1))
                            .jvmArgs("-XX:+UseSerialGC", "-Xmx256m", "-D" + PickBenchmark.NOTES + "=" + notes)
                            .shouldFailOnError(true)
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .runSingle();
            Statistics nanos = result.getPrimaryResult().getStatistics();
            String[] noted = Files.readString(notes).split(" ");
            return new Measured(
                    contender,
                    hosts,
                    nanos.getN(),
                    nanos.getPercentile(50) / 1_000,
                    nanos.getPercentile(99) / 1_000,
                    nanos.getMax() / 1_000,
                    Double.parseDouble(noted[0]),
                    Double.parseDouble(noted[1]),
                    Boolean.parseBoolean(noted[2]));
        } finally {
            Files.deleteIfExists(notes);
        }
    }
}
