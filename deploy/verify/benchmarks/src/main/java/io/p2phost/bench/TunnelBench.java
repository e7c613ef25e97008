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
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What a host's tunnel costs and whether its streams hold each other up, beside {@code ssh -R}, which carries connections
 * through one encrypted one as well, and stunnel, which encrypts each for itself. Both ends of each have a core to
 * themselves.
 */
final class TunnelBench implements Bench {
    private static final int STREAMS = 16;
    private static final int MESSAGES_PER_SECOND = 1_500;
    /** Both compilers have to be through with it. */
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private static final Duration MEASURED = Duration.ofSeconds(4);

    private enum Who {
        OURS("ours"),
        SSH("ssh -R, " + Ssh.CIPHER),
        STUNNEL("stunnel, " + TunnelCipher.WANTED);

        private final String words;

        Who(String words) {
            this.words = words;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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
        void close() throws Exception;
    }

    private record Measured(
            int round,
            Who who,
            TunnelLoad.Bulk many,
            double manyPerRelayCpuSecond,
            TunnelLoad.Bulk single,
            TunnelLoad.Messages calm,
            TunnelLoad.Messages stalled) {
        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", who.label());
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
        return "a host's tunnel: bytes per CPU second, many streams and a stalled one, beside " + Who.SSH.words
                + ", and " + Who.STUNNEL.words;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        List<Who> contenders = new ArrayList<>(List.of(Who.OURS));
        if (Ssh.isThere()) {
            contenders.add(Who.SSH);
        } else {
            System.out.println("sshd is not installed (Debian: openssh-server): measured without it.");
        }
        if (Stunnel.isThere()) {
            contenders.add(Who.STUNNEL);
        } else {
            System.out.println("stunnel is not installed (Debian: stunnel4): measured without it.");
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
                for (Who who : contenders) {
                    all.add(measure(dist, folder, host, round, who, load.port()));
                }
                // Who is first changes, so that a machine that slows down does not favour one.
                Collections.reverse(contenders);
            }
        } finally {
            delete(folder);
        }
        return report(all, rounds);
    }

    private static Measured measure(Path dist, Path folder, TlsMaterial host, int round, Who who, int target)
            throws Exception {
        try (Contender contender = start(dist, folder, host, who, target)) {
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
                    new Measured(round, who, many, many.megabytesPerCpuSecond() / relayShare, single, calm, stalled);
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %-7s  %5.0f MB/s, %5.0f MB a CPU second (relay's end %5.0f); one stream %5.0f MB/s;"
                            + " messages p50 %6.1f  p99 %7.1f us, %5.1f CPU us; beside a stalled stream p99 %7.1f us%n",
                    round,
                    who.label(),
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

    private static Contender start(Path dist, Path folder, TlsMaterial host, Who who, int target) throws Exception {
        return switch (who) {
            case OURS -> new Ours(dist, folder, host, target);
            case SSH -> {
                Ssh ssh = new Ssh(Forwarder.pinned(), target);
                yield new Rival(ssh.port(), ssh.server(), ssh.client(), ssh);
            }
            case STUNNEL -> {
                Stunnel stunnel = new Stunnel(Forwarder.pinned(), folder, target);
                String agreed = new TunnelCipher(host).agreed(stunnel.between());
                if (!agreed.equals(TunnelCipher.WANTED)) {
                    stunnel.close();
                    throw new IOException("stunnel's cipher: " + agreed + " (expected: " + TunnelCipher.WANTED + ")");
                }
                yield new Rival(stunnel.port(), stunnel.client(), stunnel.server(), stunnel);
            }
        };
    }

    private Outcome report(List<Measured> all, int rounds) {
        List<Map<String, Object>> summary = new ArrayList<>();
        for (Who who : Who.values()) {
            for (Figure figure : Figure.ALL) {
                List<Double> values = values(all, who, figure);
                if (!values.isEmpty()) {
                    summary.add(Figures.spread(who.label() + ": " + figure.name, values));
                }
            }
        }
        summary.add(Map.of("what", "cipher", "agreed", TunnelCipher.WANTED));
        List<Map<String, Object>> raw = all.stream().map(Measured::figures).toList();
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(
                itself("tunnel-many", all, Figure.RATE, Figure.SINGLE, "MB/s", "its own single stream", rounds, raw));
        outcomes.add(itself(
                "tunnel-stalled", all, Figure.STALLED, Figure.P99, "us-p99", "itself, none stalled", rounds, raw));
        for (Who rival : List.of(Who.STUNNEL, Who.SSH)) {
            if (rival == Who.STUNNEL && values(all, rival, Figure.COST).isEmpty()) {
                continue;
            }
            String suffix = rival == Who.SSH ? "" : "-" + rival.label();
            outcomes.add(beside(
                    "tunnel-message" + suffix, all, rival, Figure.MESSAGE, "cpu-us-per-message", rounds, summary, raw));
            outcomes.add(beside("tunnel-message-p50" + suffix, all, rival, Figure.P50, "us", rounds, summary, raw));
            outcomes.add(beside("tunnel-message-p99" + suffix, all, rival, Figure.P99, "us", rounds, summary, raw));
            outcomes.add(beside("tunnel-stalled-p99" + suffix, all, rival, Figure.STALLED, "us", rounds, summary, raw));
            outcomes.add(beside(
                    "tunnel-relay-end" + suffix, all, rival, Figure.RELAY, "MB-per-cpu-second", rounds, summary, raw));
            outcomes.add(beside(name() + suffix, all, rival, Figure.COST, "MB-per-cpu-second", rounds, summary, raw));
        }
        Outcome last = outcomes.removeLast();
        outcomes.forEach(outcome -> System.out.println(outcome.line()));
        return last;
    }

    private static Outcome beside(
            String name,
            List<Measured> all,
            Who who,
            Figure figure,
            String unit,
            int rounds,
            List<Map<String, Object>> summary,
            List<Map<String, Object>> raw) {
        List<Double> rival = values(all, who, figure);
        return new Outcome(
                name,
                Figures.median(values(all, Who.OURS, figure)),
                rival.isEmpty() ? null : Figures.median(rival),
                rival.isEmpty() ? null : who.words,
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
                Figures.median(values(all, Who.OURS, figure)),
                Figures.median(values(all, Who.OURS, against)),
                who,
                unit,
                rounds,
                List.of(),
                raw);
    }

    private static List<Double> values(List<Measured> all, Who who, Figure figure) {
        return all.stream()
                .filter(measured -> measured.who == who)
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

    /**
     * A program's two ends.
     *
     * @param closed what ends them
     */
    private record Rival(int port, Process relayEnd, Process hostEnd, AutoCloseable closed) implements Contender {
        @Override
        public void close() throws Exception {
            closed.close();
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
