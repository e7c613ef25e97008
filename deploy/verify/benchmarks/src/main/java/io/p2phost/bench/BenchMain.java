package io.p2phost.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./p2p bench list} and {@code ./p2p bench NAME [--rounds N] [--hosts N] [--players N] [--json FILE]}. */
public final class BenchMain {
    private static final List<Bench> BENCHES = List.of(
            new StartupBench(),
            new PickBench(),
            new PassBench(),
            new MemoryBench(),
            new JournalBench(),
            new ReplayBench(1_000),
            new TakeoverBench(),
            new TunnelBench(),
            RelayBench.small(),
            RelayBench.bulk(),
            RelayBench.transports(),
            new RelayIdleBench(),
            new RelayFloodBench(),
            new RelayTapsBench(),
            new AgentBench(),
            new BundleBench(),
            new FailoverBench(),
            new StormBench(200, 1_500));

    private BenchMain() {}

    public static void main(String[] args) throws Exception {
        System.exit(run(args));
    }

    private static int run(String[] args) throws Exception {
        if (args.length == 0 || args[0].equals("list")) {
            BENCHES.forEach(bench -> System.out.printf("%-16s %s%n", bench.name(), bench.what()));
            return 0;
        }
        Optional<Bench> bench =
                BENCHES.stream().filter(b -> b.name().equals(args[0])).findFirst();
        if (bench.isEmpty()) {
            return refuse(args[0] + " is not a measurement (expected: one of "
                    + BENCHES.stream().map(Bench::name).toList() + ")");
        }
        int rounds = bench.get().usualRounds();
        Map<String, Integer> sizes = new LinkedHashMap<>();
        Path json = null;
        for (int i = 1; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                return refuse(args[i] + " needs a value");
            }
            switch (args[i]) {
                case "--rounds", "--kills" -> {
                    if (!args[i + 1].matches("[1-9][0-9]{0,2}")) {
                        return refuse(args[i] + ": " + args[i + 1] + " (expected: 1 to 999)");
                    }
                    rounds = Integer.parseInt(args[i + 1]);
                }
                case "--hosts", "--players" -> {
                    if (!args[i + 1].matches("[1-9][0-9]{0,5}")) {
                        return refuse(args[i] + ": " + args[i + 1] + " (expected: a number from 1)");
                    }
                    sizes.put(args[i].substring(2), Integer.parseInt(args[i + 1]));
                }
                case "--json" -> json = Path.of(args[i + 1]);
                default -> {
                    return refuse(
                            args[i]
                                    + " is not an option (expected: --rounds or, the same, --kills; --hosts, --players; --json)");
                }
            }
        }
        Bench sized;
        try {
            sized = bench.get().sized(sizes);
        } catch (IllegalArgumentException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
        Outcome outcome = sized.run(Path.of(System.getProperty("p2p.dist", ".")), rounds);
        if (json != null) {
            Files.writeString(
                    json,
                    JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsString(report(outcome, args)));
        }
        System.out.println(outcome.line());
        return 0;
    }

    private static Map<String, Object> report(Outcome outcome, String[] args) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("at", Instant.now().toString());
        report.put("command", "p2p bench " + String.join(" ", args));
        report.put("cores", Runtime.getRuntime().availableProcessors());
        report.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        report.put("machine", machine());
        report.put(
                "loadAverageAtTheEnd",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        report.put("java", System.getProperty("java.runtime.version"));
        report.put("outcome", outcome);
        return report;
    }

    private static String machine() throws IOException {
        Path cpus = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpus)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(cpus).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    private static int refuse(String sentence) {
        System.err.println(sentence);
        return 2;
    }
}
