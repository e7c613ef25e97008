package io.p2phost.bench;

import io.p2phost.contracts.ServiceName;
import io.p2phost.ro.Packet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Core's link through db-proxy: CPU per packet and how much later an answer comes, beside HAProxy, which forwards bytes and
 * looks at nothing. Ours takes the stream apart into packets and follows who is on core.
 */
final class PassBench implements Bench {
    private static final int PER_SECOND = 2_000;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    /** Above this without a forwarder, a p99 with one says what else the machine does. */
    private static final int CALM_P99_MICROS = 1_000;

    private static final String RIVAL = "HAProxy, plain TCP, one thread";

    private enum Contender {
        /** No forwarder: what the rest costs. */
        DIRECT,
        OURS,
        RIVAL
    }

    private record Measured(int round, Contender contender, PassLoad.Result load, double cpuMicros) {
        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", contender.name().toLowerCase(Locale.ROOT));
            figures.put("packets", load.packets());
            figures.put("bytes", load.bytes());
            figures.put("answers", load.answers().count());
            figures.put("p50Micros", load.answers().p50Micros());
            figures.put("p99Micros", load.answers().p99Micros());
            figures.put("maxMicros", load.answers().maxMicros());
            figures.put("cpuMicrosPerPacket", cpuMicros);
            return figures;
        }
    }

    @Override
    public String name() {
        return "dbproxy-pass";
    }

    @Override
    public String what() {
        return "core's link through db-proxy: CPU per packet and added latency, beside " + RIVAL;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        List<Packet> mix = PassTraffic.recorded();
        boolean rival = Haproxy.isThere();
        if (!rival) {
            System.out.println("HAProxy is not installed (Debian: haproxy): measured without it.");
        }
        List<Measured> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            // Who is first changes, so that a machine that slows down does not favour one.
            List<Contender> order = round % 2 == 1
                    ? List.of(Contender.DIRECT, Contender.OURS, Contender.RIVAL)
                    : List.of(Contender.RIVAL, Contender.OURS, Contender.DIRECT);
            for (Contender contender : order) {
                if (contender != Contender.RIVAL || rival) {
                    all.add(measure(dist, round, contender, mix));
                }
            }
        }
        List<Map<String, Object>> summary = new ArrayList<>();
        for (Contender contender : Contender.values()) {
            for (Figure figure : List.of(Figure.P50, Figure.P99, Figure.CPU)) {
                List<Double> values = values(all, contender, figure.value);
                if (!values.isEmpty()) {
                    summary.add(Figures.spread(contender.name().toLowerCase(Locale.ROOT) + ": " + figure.name, values));
                }
            }
        }
        List<Map<String, Object>> raw = all.stream().map(Measured::figures).toList();
        System.out.println(outcome(name() + "-added-p50", all, Figure.P50, "us", rounds, summary, raw)
                .line());
        double base = Figures.median(values(all, Contender.DIRECT, Figure.P99.value));
        if (base <= CALM_P99_MICROS) {
            System.out.println(outcome(name() + "-added-p99", all, Figure.P99, "us", rounds, summary, raw)
                    .line());
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "The machine is too busy for a p99: %.0f us with nothing between (expected: at most %d us).%n",
                    base,
                    CALM_P99_MICROS);
        }
        return outcome(name(), all, Figure.CPU, "cpu-us-per-packet", rounds, summary, raw);
    }

    private record Figure(String name, ToDoubleFunction<Measured> value) {
        static final Figure P50 =
                new Figure("p50", measured -> measured.load.answers().p50Micros());
        static final Figure P99 =
                new Figure("p99", measured -> measured.load.answers().p99Micros());
        static final Figure CPU = new Figure("CPU us a packet", Measured::cpuMicros);
    }

    private static List<Double> values(List<Measured> all, Contender contender, ToDoubleFunction<Measured> value) {
        return all.stream()
                .filter(measured -> measured.contender == contender)
                .map(value::applyAsDouble)
                .toList();
    }

    /** Medians above those without a forwarder. */
    private static Outcome outcome(
            String name,
            List<Measured> all,
            Figure figure,
            String unit,
            int rounds,
            List<Map<String, Object>> summary,
            List<Map<String, Object>> raw) {
        double direct = Figures.median(values(all, Contender.DIRECT, figure.value));
        List<Double> rival = values(all, Contender.RIVAL, figure.value);
        return new Outcome(
                name,
                Figures.median(values(all, Contender.OURS, figure.value)) - direct,
                rival.isEmpty() ? null : Figures.median(rival) - direct,
                rival.isEmpty() ? null : RIVAL,
                unit,
                rounds,
                summary,
                raw);
    }

    private static Measured measure(Path dist, int round, Contender contender, List<Packet> mix) throws Exception {
        try (PassCharServer charServer = new PassCharServer();
                Forwarder forwarder = start(dist, contender, charServer.port());
                PassLoad core = new PassLoad(forwarder.port())) {
            core.run(mix, PER_SECOND, WARM_UP);
            double before = forwarder.use().cpuSeconds();
            PassLoad.Result load = core.run(mix, PER_SECOND, MEASURED);
            double cpu = forwarder.use().cpuSeconds() - before;
            Measured measured = new Measured(round, contender, load, cpu * 1_000_000 / load.packets());
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %-6s  %d packets, %.1f MB  p50 %7.1f  p99 %8.1f  max %9.1f us  %6.2f CPU us a packet%n",
                    round,
                    contender.name().toLowerCase(Locale.ROOT),
                    load.packets(),
                    load.bytes() / 1e6,
                    load.answers().p50Micros(),
                    load.answers().p99Micros(),
                    load.answers().maxMicros(),
                    measured.cpuMicros);
            return measured;
        }
    }

    private static Forwarder start(Path dist, Contender contender, int charPort)
            throws IOException, InterruptedException {
        return switch (contender) {
            case DIRECT -> Forwarder.none(charPort);
            case OURS -> Forwarder.ours(dist, ServiceName.DB_PROXY, PassServer.class, Integer.toString(charPort));
            case RIVAL -> Haproxy.plain(charPort, 2_000);
        };
    }
}
