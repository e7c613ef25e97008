package io.p2phost.bench;

import io.p2phost.contracts.ServiceName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Players while somebody floods the front with connections from 100 addresses: how much later their packets come, and
 * what it costs in memory. Ours has the relay's usual limits; the rival counts by address too.
 */
final class RelayFloodBench implements Bench {
    private static final int PLAYERS = 200;
    private static final int PER_SECOND = 2_000;
    private static final int MOST_AT_ONCE = 5_000;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final String RIVAL = "HAProxy, TCP, one thread, connections counted by address";

    private record Measured(
            int round,
            boolean ours,
            RelayEnds.Result quiet,
            RelayEnds.Result flooded,
            double perSecond,
            double megabytesGrown,
            double cores)
            implements Rounds.Measured {
        double p99Ratio() {
            return flooded.latency().p99Micros() / quiet.latency().p99Micros();
        }

        @Override
        public Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", ours ? "ours" : "rival");
            figures.put("quietP50Micros", quiet.latency().p50Micros());
            figures.put("quietP99Micros", quiet.latency().p99Micros());
            figures.put("floodedP50Micros", flooded.latency().p50Micros());
            figures.put("floodedP99Micros", flooded.latency().p99Micros());
            figures.put("connectionsPerSecond", perSecond);
            figures.put("megabytesGrown", megabytesGrown);
            figures.put("cores", cores);
            return figures;
        }
    }

    @Override
    public String name() {
        return "relay-flood";
    }

    @Override
    public String what() {
        return "players' p99 while the front is flooded with connections, as a multiple of the quiet one, beside "
                + RIVAL;
    }

    @Override
    public Outcome run(Path dist, int count) throws Exception {
        Rounds<Measured> rounds = Rounds.besideHaproxy(RIVAL, count, (round, ours) -> measure(round, ours, dist));
        System.out.println(rounds.outcome(name() + "-memory", Measured::megabytesGrown, "mb-grown")
                .line());
        return rounds.outcome(name(), Measured::p99Ratio, "p99-times-quiet");
    }

    private static Measured measure(int round, boolean ours, Path dist) throws Exception {
        try (RelayEnds ends = new RelayEnds();
                Forwarder forwarder = start(ours, dist, ends.mapServer())) {
            ends.join(forwarder.port(), PLAYERS);
            ends.steady(PER_SECOND, 5, WARM_UP);
            RelayEnds.Result quiet = ends.steady(PER_SECOND, 5, MEASURED);
            ProcessTree before = forwarder.use();
            RelayEnds.Result flooded;
            double perSecond;
            ProcessTree after;
            try (Flood flood = new Flood(forwarder.port())) {
                flooded = ends.steady(PER_SECOND, 5, MEASURED);
                after = forwarder.use();
                perSecond = flood.perSecond().orElse(0);
            }
            Measured measured = new Measured(
                    round,
                    ours,
                    quiet,
                    flooded,
                    perSecond,
                    after.memoryMegabytes() - before.memoryMegabytes(),
                    (after.cpuSeconds() - before.cpuSeconds()) / flooded.seconds());
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %-5s  quiet p50 %.1f p99 %.1f us, flooded p50 %.1f p99 %.1f us (%.1f times)"
                            + "  %.0f connections a second, %.2f cores, %.1f MB grown, %d of %d players play%n",
                    round,
                    ours ? "ours" : "rival",
                    quiet.latency().p50Micros(),
                    quiet.latency().p99Micros(),
                    flooded.latency().p50Micros(),
                    flooded.latency().p99Micros(),
                    measured.p99Ratio(),
                    perSecond,
                    measured.cores,
                    measured.megabytesGrown,
                    ends.playing(),
                    PLAYERS);
            return measured;
        }
    }

    /** On the players' core, which it shares with them: what they wait for it is in the rival's figures as well. */
    static final class Flood implements AutoCloseable {
        private final Process process;
        private final List<Double> seconds = new ArrayList<>();

        Flood(int port) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            FloodMain.class.getName(),
                            Integer.toString(port))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Thread.ofPlatform().daemon().name("flood says").start(this::listen);
        }

        private void listen() {
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    synchronized (seconds) {
                        seconds.add(Double.parseDouble(line));
                    }
                }
            } catch (IOException e) {
                // It was ended.
            }
        }

        /** Connections made a second, median. */
        OptionalDouble perSecond() {
            synchronized (seconds) {
                return seconds.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Figures.median(seconds));
            }
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private static Forwarder start(boolean ours, Path dist, int mapServer) throws IOException, InterruptedException {
        if (ours) {
            return Forwarder.ours(
                    dist,
                    ServiceName.RELAY,
                    RelayServer.class,
                    Integer.toString(mapServer),
                    Integer.toString(MOST_AT_ONCE),
                    "20",
                    "60");
        }
        int port = Haproxy.freePort();
        return Forwarder.of(
                Haproxy.start(Forwarder.pinned(), port, """
                        global
                            nbthread 1
                            maxconn %d
                        defaults
                            mode tcp
                            timeout connect 2s
                            timeout client 10m
                            timeout server 10m
                        listen front
                            bind 127.0.0.1:%d backlog 4096
                            stick-table type ip size 64k expire 10s store conn_rate(3s)
                            tcp-request connection track-sc0 src
                            tcp-request connection reject if { sc0_conn_rate gt 60 }
                            server next 127.0.0.1:%d
                        """.formatted(MOST_AT_ONCE, port, mapServer)), port);
    }
}
