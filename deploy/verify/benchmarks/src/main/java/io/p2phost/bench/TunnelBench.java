package io.p2phost.bench;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.TlsMaterial;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What a host's tunnel costs and whether its streams hold each other up, beside {@code ssh -R}, which carries connections
 * through one encrypted one as well. Both ends of each have a core to themselves.
 */
final class TunnelBench implements Bench {
    private static final int STREAMS = 16;
    private static final int MESSAGES_PER_SECOND = 1_500;
    /** Both compilers have to be through with it. */
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private static final Duration MEASURED = Duration.ofSeconds(4);

    private static final String RIVAL = "ssh -R, " + Ssh.CIPHER;

    /** Two processes, one at each end. */
    private interface Contender extends AutoCloseable {
        int port();

        Process relayEnd();

        Process hostEnd();

        default double relayCpu() {
            return ProcessTree.of(List.of(relayEnd().pid())).cpuSeconds();
        }

        default double cpu() {
            return ProcessTree.of(List.of(relayEnd().pid(), hostEnd().pid())).cpuSeconds();
        }

        @Override
        void close() throws IOException;
    }

    private record Measured(
            int round,
            boolean ours,
            TunnelLoad.Bulk many,
            double manyPerRelayCpuSecond,
            TunnelLoad.Bulk single,
            TunnelLoad.Messages calm,
            TunnelLoad.Messages stalled) {
        String name() {
            return ours ? "ours" : "rival";
        }

        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", name());
            Figure.ALL.forEach(figure -> figures.put(figure.name, figure.value.applyAsDouble(this)));
            return figures;
        }
    }

    private record Figure(String name, ToDoubleFunction<Measured> value) {
        static final Figure COST = new Figure("MB per CPU second", m -> m.many.megabytesPerCpuSecond());
        static final Figure RELAY = new Figure("MB per CPU second of the relay's end", Measured::manyPerRelayCpuSecond);
        static final Figure RATE = new Figure("MB/s, " + STREAMS + " streams", m -> m.many.megabytesPerSecond());
        static final Figure SINGLE = new Figure("MB/s, one stream", m -> m.single.megabytesPerSecond());
        static final Figure MESSAGE = new Figure("CPU us a message", m -> m.calm.cpuMicros());
        static final Figure P50 = new Figure("p50 us", m -> m.calm.p50Micros());
        static final Figure P99 = new Figure("p99 us", m -> m.calm.p99Micros());
        static final Figure STALLED = new Figure("p99 us beside a stalled stream", m -> m.stalled.p99Micros());
        static final List<Figure> ALL = List.of(COST, RELAY, RATE, SINGLE, MESSAGE, P50, P99, STALLED);
    }

    @Override
    public String name() {
        return "tunnel";
    }

    @Override
    public String what() {
        return "a host's tunnel: bytes per CPU second, many streams and a stalled one, beside " + RIVAL;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        boolean rival = Ssh.isThere();
        if (!rival) {
            System.out.println("sshd is not installed (Debian: openssh-server): measured without it.");
        }
        List<Measured> all = new ArrayList<>();
        Path folder = Files.createTempDirectory("p2p-bench-");
        TestAuthority authority = new TestAuthority();
        TlsMaterial host = authority.host(HostId.random());
        TlsFolder.write(folder.resolve("relay"), authority.service(ServiceName.RELAY));
        TlsFolder.write(folder.resolve("host"), host);
        try (TunnelLoad load = new TunnelLoad()) {
            Forwarder.stayOff();
            for (int round = 1; round <= rounds; round++) {
                // Who is first changes, so that a machine that slows down does not favour one.
                for (boolean ours : List.of(round % 2 == 1, round % 2 == 0)) {
                    if (ours || rival) {
                        all.add(measure(dist, folder, host, round, ours, load.port()));
                    }
                }
            }
        } finally {
            delete(folder);
        }
        return report(all, rounds);
    }

    private static Measured measure(Path dist, Path folder, TlsMaterial host, int round, boolean ours, int target)
            throws Exception {
        try (Contender contender = ours ? new Ours(dist, folder, host, target) : new Rival(target)) {
            int port = contender.port();
            TunnelLoad.bulk(port, STREAMS, Duration.ZERO, WARM_UP, contender::cpu);
            double relayBefore = contender.relayCpu();
            double cpuBefore = contender.cpu();
            TunnelLoad.Bulk many = TunnelLoad.bulk(port, STREAMS, Duration.ofSeconds(1), MEASURED, contender::cpu);
            double relayShare = (contender.relayCpu() - relayBefore) / (contender.cpu() - cpuBefore);
            TunnelLoad.Bulk single = TunnelLoad.bulk(port, 1, Duration.ofSeconds(1), MEASURED, contender::cpu);
            TunnelLoad.Messages calm = TunnelLoad.messages(
                    port, STREAMS - 1, MESSAGES_PER_SECOND, false, WARM_UP, MEASURED, contender::cpu);
            TunnelLoad.Messages stalled = TunnelLoad.messages(
                    port, STREAMS - 1, MESSAGES_PER_SECOND, true, Duration.ofSeconds(1), MEASURED, contender::cpu);
            Measured measured =
                    new Measured(round, ours, many, many.megabytesPerCpuSecond() / relayShare, single, calm, stalled);
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %-5s  %5.0f MB/s, %5.0f MB a CPU second (relay's end %5.0f); one stream %5.0f MB/s;"
                            + " messages p50 %6.1f  p99 %7.1f us, %5.1f CPU us; beside a stalled stream p99 %7.1f us%n",
                    round,
                    measured.name(),
                    many.megabytesPerSecond(),
                    many.megabytesPerCpuSecond(),
                    measured.manyPerRelayCpuSecond,
                    single.megabytesPerSecond(),
                    calm.p50Micros(),
                    calm.p99Micros(),
                    calm.cpuMicros(),
                    stalled.p99Micros());
            return measured;
        }
    }

    private Outcome report(List<Measured> all, int rounds) {
        List<Map<String, Object>> summary = new ArrayList<>();
        for (boolean ours : List.of(true, false)) {
            for (Figure figure : Figure.ALL) {
                List<Double> values = values(all, ours, figure);
                if (!values.isEmpty()) {
                    summary.add(Figures.spread((ours ? "ours: " : "rival: ") + figure.name, values));
                }
            }
        }
        summary.add(Map.of("what", "cipher", "agreed", TunnelCipher.WANTED));
        List<Map<String, Object>> raw = all.stream().map(Measured::figures).toList();
        List<Outcome> outcomes = List.of(
                beside("tunnel-message", all, Figure.MESSAGE, "cpu-us-per-message", rounds, summary, raw),
                beside("tunnel-message-p99", all, Figure.P99, "us", rounds, summary, raw),
                itself("tunnel-many", all, Figure.RATE, Figure.SINGLE, "MB/s", "its own single stream", rounds, raw),
                itself(
                        "tunnel-stalled",
                        all,
                        Figure.STALLED,
                        Figure.P99,
                        "us-p99",
                        "itself, none stalled",
                        rounds,
                        raw),
                beside("tunnel-relay-end", all, Figure.RELAY, "MB-per-cpu-second", rounds, summary, raw));
        outcomes.forEach(outcome -> System.out.println(outcome.line()));
        return beside(name(), all, Figure.COST, "MB-per-cpu-second", rounds, summary, raw);
    }

    private static Outcome beside(
            String name,
            List<Measured> all,
            Figure figure,
            String unit,
            int rounds,
            List<Map<String, Object>> summary,
            List<Map<String, Object>> raw) {
        List<Double> rival = values(all, false, figure);
        return new Outcome(
                name,
                Figures.median(values(all, true, figure)),
                rival.isEmpty() ? null : Figures.median(rival),
                rival.isEmpty() ? null : RIVAL,
                unit,
                rounds,
                summary,
                raw);
    }

    private static Outcome itself(
            String name,
            List<Measured> all,
            Figure figure,
            Figure against,
            String unit,
            String who,
            int rounds,
            List<Map<String, Object>> raw) {
        return new Outcome(
                name,
                Figures.median(values(all, true, figure)),
                Figures.median(values(all, true, against)),
                who,
                unit,
                rounds,
                List.of(),
                raw);
    }

    private static List<Double> values(List<Measured> all, boolean ours, Figure figure) {
        return all.stream()
                .filter(measured -> measured.ours == ours)
                .map(figure.value::applyAsDouble)
                .toList();
    }

    /** The service's end and the agent's, with the options that they run with. */
    private static final class Ours implements Contender {
        private final Process relayEnd;
        private final Process hostEnd;
        private final int port;

        Ours(Path dist, Path folder, TlsMaterial host, int target) throws Exception {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String classes = System.getProperty("java.class.path");
            relayEnd = start(Forwarder.command(
                    dist,
                    ServiceName.RELAY,
                    TunnelRelayEnd.class,
                    folder.resolve("relay").toString()));
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(relayEnd.getInputStream(), StandardCharsets.UTF_8));
            String ports = out.readLine();
            if (ports == null) {
                relayEnd.destroyForcibly();
                throw new IOException("the relay's end did not start (expected: its ports)");
            }
            int tunnels = Integer.parseInt(ports.split(" ")[0]);
            port = Integer.parseInt(ports.split(" ")[1]);
            String agreed = new TunnelCipher(host).agreed(tunnels);
            if (!agreed.equals(TunnelCipher.WANTED)) {
                relayEnd.destroyForcibly();
                throw new IOException("cipher: " + agreed + " (expected: " + TunnelCipher.WANTED + ")");
            }
            hostEnd = start(List.of(
                    java,
                    "-XX:+UseSerialGC",
                    "-Xmx128m",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classes,
                    TunnelHostEnd.class.getName(),
                    folder.resolve("host").toString(),
                    Integer.toString(tunnels),
                    Integer.toString(target)));
            if (!"up".equals(out.readLine())) {
                close();
                throw new IOException("the tunnel did not come up");
            }
        }

        private static Process start(List<String> words) throws IOException {
            List<String> command = Forwarder.pinned();
            command.addAll(words);
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public Process relayEnd() {
            return relayEnd;
        }

        @Override
        public Process hostEnd() {
            return hostEnd;
        }

        @Override
        public void close() {
            hostEnd.destroyForcibly().onExit().join();
            relayEnd.destroyForcibly().onExit().join();
        }
    }

    private static final class Rival implements Contender {
        private final Ssh ssh;

        Rival(int target) throws IOException, InterruptedException {
            ssh = new Ssh(Forwarder.pinned(), target);
        }

        @Override
        public int port() {
            return ssh.port();
        }

        @Override
        public Process relayEnd() {
            return ssh.server();
        }

        @Override
        public Process hostEnd() {
            return ssh.client();
        }

        @Override
        public void close() throws IOException {
            ssh.close();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
