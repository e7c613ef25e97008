package io.p2phost.bench;

import io.p2phost.contracts.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Players' packets through the relay's front: CPU per message or byte, and how much later a message comes, beside
 * forwarders that look at nothing. Ours takes both directions apart into packets.
 */
final class RelayBench implements Bench {
    private static final Duration WARM_UP = Duration.ofSeconds(9);
    private static final Duration MEASURED = Duration.ofSeconds(8);
    private static final String HAPROXY = "HAProxy, plain TCP, one thread";
    private static final String NGINX = "nginx stream, one process";
    private static final int MEGABYTE = 1_000_000;

    private enum Contender {
        /** No forwarder: what the rest costs. */
        DIRECT,
        OURS,
        HAPROXY,
        NGINX
    }

    /** What is sent, and to how many. */
    private interface Load {
        RelayEnds.Result run(RelayEnds ends, Duration time) throws IOException;
    }

    /**
     * A size of the measurement.
     *
     * @param name part of the line's name
     * @param unit what is counted for a second of CPU
     */
    private record Size(String name, int players, Load load, String unit, ToDoubleFunction<RelayEnds.Result> done) {}

    private record Measured(
            int round, String size, Contender contender, RelayEnds.Result load, double cpu, double done) {
        double perCpuSecond() {
            return done / cpu;
        }

        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("size", size);
            figures.put("contender", label(contender));
            figures.put("messages", load.messages());
            figures.put("bytes", load.bytes());
            figures.put("seconds", load.seconds());
            figures.put("p50Micros", load.latency().p50Micros());
            figures.put("p99Micros", load.latency().p99Micros());
            figures.put("maxMicros", load.latency().maxMicros());
            figures.put("cpuSeconds", cpu);
            return figures;
        }
    }

    private final String name;
    private final String what;
    private final boolean latency;
    private final List<Contender> rivals;
    private final List<Size> sizes;

    private RelayBench(String name, String what, boolean latency, List<Contender> rivals, List<Size> sizes) {
        this.name = name;
        this.what = what;
        this.latency = latency;
        this.rivals = rivals;
        this.sizes = sizes;
    }

    /** What players do all the time. */
    static RelayBench small() {
        return new RelayBench(
                "relay-small",
                "players' packets through a relay at 1,000 and 5,000 players: messages per CPU second and added"
                        + " latency, beside " + HAPROXY,
                true,
                List.of(Contender.HAPROXY),
                List.of(small(1_000), small(5_000)));
    }

    private static Size small(int players) {
        return new Size(
                Integer.toString(players),
                players,
                (ends, time) -> ends.steady(10_000, 5, time),
                "messages-per-cpu-second",
                RelayEnds.Result::messages);
    }

    /** The most that there is. */
    static RelayBench bulk() {
        return new RelayBench(
                "relay-bulk",
                "16 KiB packets through a relay: MB per CPU second, beside " + HAPROXY + ", and " + NGINX,
                false,
                List.of(Contender.HAPROXY, Contender.NGINX),
                List.of(new Size(
                        "",
                        50,
                        (ends, time) -> ends.flood(RelayTraffic.BULK, 4, time),
                        "mb-per-cpu-second",
                        result -> (double) result.bytes() / MEGABYTE)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String what() {
        return what;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        List<Contender> contenders = new ArrayList<>(List.of(Contender.DIRECT, Contender.OURS));
        for (Contender rival : rivals) {
            if (rival == Contender.HAPROXY ? Haproxy.isThere() : Nginx.isThere()) {
                contenders.add(rival);
            } else {
                System.out.println(named(rival) + ": not installed (Debian: haproxy; nginx and libnginx-mod-stream);"
                        + " measured without it.");
            }
        }
        Forwarder.stayOff();
        List<Measured> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (Size size : sizes) {
                for (Contender contender : contenders) {
                    all.add(measure(dist, round, size, contender));
                }
            }
            // Who is first changes, so that a machine that slows down does not favour one.
            Collections.reverse(contenders);
        }
        return told(all, rounds);
    }

    private Outcome told(List<Measured> all, int rounds) {
        List<Map<String, Object>> summary = new ArrayList<>();
        List<Map<String, Object>> raw = all.stream().map(Measured::figures).toList();
        Outcome last = null;
        for (Size size : sizes) {
            for (Contender contender : Contender.values()) {
                List<Double> done = values(all, size, contender, Measured::perCpuSecond);
                if (!done.isEmpty()) {
                    String of = label(contender) + " " + size.name;
                    summary.add(Figures.spread(of + " p50 us", values(all, size, contender, RelayBench::p50)));
                    summary.add(Figures.spread(of + " p99 us", values(all, size, contender, RelayBench::p99)));
                    if (contender != Contender.DIRECT) {
                        summary.add(Figures.spread(of + " " + size.unit, done));
                    }
                }
            }
            String base = size.name.isEmpty() ? name : name + "-" + size.name;
            for (Contender rival : rivals.reversed()) {
                if (values(all, size, rival, Measured::perCpuSecond).isEmpty()) {
                    continue;
                }
                if (last != null) {
                    System.out.println(last.line());
                }
                if (latency) {
                    System.out.println(added(base + "-added-p50", all, size, rival, RelayBench::p50, rounds)
                            .line());
                    System.out.println(added(base + "-added-p99", all, size, rival, RelayBench::p99, rounds)
                            .line());
                }
                last = new Outcome(
                        rivals.size() == 1 ? base : base + "-" + label(rival),
                        Figures.median(values(all, size, Contender.OURS, Measured::perCpuSecond)),
                        Figures.median(values(all, size, rival, Measured::perCpuSecond)),
                        named(rival),
                        size.unit,
                        rounds,
                        summary,
                        raw);
            }
        }
        if (last == null) {
            Size size = sizes.getLast();
            double ours = Figures.median(values(all, size, Contender.OURS, Measured::perCpuSecond));
            last = new Outcome(name, ours, null, null, size.unit, rounds, summary, raw);
        }
        return last;
    }

    private static double p50(Measured measured) {
        return measured.load.latency().p50Micros();
    }

    private static double p99(Measured measured) {
        return measured.load.latency().p99Micros();
    }

    /** Median above that without a forwarder. */
    private static Outcome added(
            String name, List<Measured> all, Size size, Contender rival, ToDoubleFunction<Measured> value, int rounds) {
        double direct = Figures.median(values(all, size, Contender.DIRECT, value));
        return new Outcome(
                name,
                Figures.median(values(all, size, Contender.OURS, value)) - direct,
                Figures.median(values(all, size, rival, value)) - direct,
                named(rival),
                "us",
                rounds,
                List.of(),
                List.of());
    }

    private static List<Double> values(
            List<Measured> all, Size size, Contender contender, ToDoubleFunction<Measured> value) {
        return all.stream()
                .filter(measured -> measured.contender == contender && measured.size.equals(size.name))
                .map(value::applyAsDouble)
                .toList();
    }

    private static String label(Contender contender) {
        return contender.name().toLowerCase(Locale.ROOT);
    }

    private static String named(Contender rival) {
        return rival == Contender.HAPROXY ? HAPROXY : NGINX;
    }

    private static Measured measure(Path dist, int round, Size size, Contender contender) throws Exception {
        try (RelayEnds ends = new RelayEnds();
                Forwarder forwarder = start(dist, contender, ends.mapServer(), size.players)) {
            ends.join(forwarder.port(), size.players);
            size.load.run(ends, WARM_UP);
            double before = forwarder.use().cpuSeconds();
            RelayEnds.Result load = size.load.run(ends, MEASURED);
            double cpu = forwarder.use().cpuSeconds() - before;
            double done = size.done.applyAsDouble(load);
            Measured measured = new Measured(round, size.name, contender, load, cpu, done);
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %5d players  %-7s  %d messages, %.1f MB in %.1f s  p50 %7.1f  p99 %8.1f  max %9.1f us"
                            + "  %5.2f CPU s  %6.2f CPU us a message%n",
                    round,
                    size.players,
                    label(contender),
                    load.messages(),
                    load.bytes() / 1e6,
                    load.seconds(),
                    load.latency().p50Micros(),
                    load.latency().p99Micros(),
                    load.latency().maxMicros(),
                    cpu,
                    cpu * 1e6 / load.messages());
            return measured;
        }
    }

    private static Forwarder start(Path dist, Contender contender, int mapServer, int players)
            throws IOException, InterruptedException {
        return switch (contender) {
            case DIRECT -> Forwarder.none(mapServer);
            // All players of this load come from one machine.
            case OURS ->
                Forwarder.ours(
                        dist,
                        ServiceName.RELAY,
                        RelayServer.class,
                        Integer.toString(mapServer),
                        Integer.toString(2 * players),
                        "100000",
                        "100000");
            case HAPROXY -> Haproxy.plain(mapServer, players + 100);
            case NGINX -> Nginx.plain(mapServer, players + 100);
        };
    }
}
