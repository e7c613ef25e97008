package io.p2phost.bench;

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
import java.util.stream.Stream;

/**
 * Players' packets through the relay's front: CPU per message or byte, and how much later a message comes, beside
 * forwarders that look at nothing. A relay takes both directions apart into packets.
 */
final class RelayBench implements Bench {
    private static final Duration WARM_UP = Duration.ofSeconds(9);
    private static final Duration MEASURED = Duration.ofSeconds(8);
    private static final int MEGABYTE = 1_000_000;

    /** What is sent, and to how many. */
    private interface Load {
        RelayEnds.Result run(RelayEnds ends, Duration time) throws IOException;
    }

    /**
     * A size of the measurement.
     *
     * @param name part of the line's name
     * @param latency whether it says how much later a message comes
     * @param unit what is counted for a second of CPU
     */
    private record Size(
            String name,
            int players,
            Load load,
            boolean latency,
            String unit,
            ToDoubleFunction<RelayEnds.Result> done) {}

    private record Measured(
            int round, String size, RelayContender contender, RelayEnds.Result load, double cpu, double done) {
        double perCpuSecond() {
            return done / cpu;
        }

        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("size", size);
            figures.put("contender", contender.label());
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
    private final RelayContender ours;
    private final List<RelayContender> rivals;
    private final List<Size> sizes;

    private RelayBench(String name, String what, RelayContender ours, List<RelayContender> rivals, List<Size> sizes) {
        this.name = name;
        this.what = what;
        this.ours = ours;
        this.rivals = rivals;
        this.sizes = sizes;
    }

    /** What players do all the time. */
    static RelayBench small() {
        return new RelayBench(
                "relay-small",
                "players' packets through a relay at 1,000 and 5,000 players: messages per CPU second and added"
                        + " latency, beside " + RelayContender.HAPROXY.named() + ", and "
                        + RelayContender.NGINX.named(),
                RelayContender.OURS,
                List.of(RelayContender.HAPROXY, RelayContender.NGINX),
                List.of(small("1000", 1_000), small("5000", 5_000)));
    }

    private static Size small(String name, int players) {
        return new Size(
                name,
                players,
                (ends, time) -> ends.steady(10_000, 5, time),
                true,
                "messages-per-cpu-second",
                RelayEnds.Result::messages);
    }

    /** The most that there is. */
    static RelayBench bulk() {
        return new RelayBench(
                "relay-bulk",
                "16 KiB packets through a relay: MB per CPU second, beside " + RelayContender.HAPROXY.named() + ", and "
                        + RelayContender.NGINX.named(),
                RelayContender.OURS,
                List.of(RelayContender.HAPROXY, RelayContender.NGINX),
                List.of(bulk("")));
    }

    private static Size bulk(String name) {
        return new Size(
                name,
                50,
                (ends, time) -> ends.flood(RelayTraffic.BULK, 4, time),
                false,
                "mb-per-cpu-second",
                result -> (double) result.bytes() / MEGABYTE);
    }

    /** What a relay's sockets could be made of; the first is what they are made of. */
    static RelayBench transports() {
        return new RelayBench(
                "relay-transports",
                "the loads of relay-small and relay-bulk through a forwarder that looks at nothing, on NIO, epoll,"
                        + " io_uring and virtual threads",
                RelayContender.plain(PlainForwarder.Form.NIO),
                List.of(
                        RelayContender.plain(PlainForwarder.Form.EPOLL),
                        RelayContender.plain(PlainForwarder.Form.IO_URING),
                        RelayContender.plain(PlainForwarder.Form.VIRTUAL)),
                List.of(small("small", 1_000), bulk("bulk")));
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
        List<RelayContender> contenders = new ArrayList<>(List.of(RelayContender.DIRECT, ours));
        for (RelayContender rival : rivals) {
            rival.missing()
                    .get()
                    .ifPresentOrElse(
                            why -> System.out.println(rival.named() + ": " + why + "; measured without it."),
                            () -> contenders.add(rival));
        }
        Forwarder.stayOff();
        List<Measured> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (Size size : sizes) {
                for (RelayContender contender : contenders) {
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
        List<Outcome> outcomes = new ArrayList<>();
        for (Size size : sizes) {
            for (RelayContender contender : Stream.concat(Stream.of(RelayContender.DIRECT, ours), rivals.stream())
                    .toList()) {
                List<Double> done = values(all, size, contender, Measured::perCpuSecond);
                if (!done.isEmpty()) {
                    String of = contender.label() + " " + size.name;
                    summary.add(Figures.spread(of + " p50 us", values(all, size, contender, RelayBench::p50)));
                    summary.add(Figures.spread(of + " p99 us", values(all, size, contender, RelayBench::p99)));
                    if (!contender.equals(RelayContender.DIRECT)) {
                        summary.add(Figures.spread(of + " " + size.unit, done));
                    }
                }
            }
            String base = size.name.isEmpty() ? name : name + "-" + size.name;
            for (RelayContender rival : rivals.reversed()) {
                List<Double> done = values(all, size, rival, Measured::perCpuSecond);
                if (done.isEmpty()) {
                    continue;
                }
                if (size.latency) {
                    outcomes.add(
                            added(base + "-added-p50-" + rival.label(), all, size, rival, RelayBench::p50, rounds));
                    outcomes.add(
                            added(base + "-added-p99-" + rival.label(), all, size, rival, RelayBench::p99, rounds));
                }
                outcomes.add(new Outcome(
                        base + "-" + rival.label(),
                        Figures.median(values(all, size, ours, Measured::perCpuSecond)),
                        Figures.median(done),
                        rival.named(),
                        size.unit,
                        rounds,
                        summary,
                        raw));
            }
        }
        if (outcomes.isEmpty()) {
            Size size = sizes.getLast();
            double alone = Figures.median(values(all, size, ours, Measured::perCpuSecond));
            return new Outcome(name, alone, null, null, size.unit, rounds, summary, raw);
        }
        Outcome last = outcomes.removeLast();
        outcomes.forEach(outcome -> System.out.println(outcome.line()));
        return last;
    }

    private static double p50(Measured measured) {
        return measured.load.latency().p50Micros();
    }

    private static double p99(Measured measured) {
        return measured.load.latency().p99Micros();
    }

    /** Median above that without a forwarder. */
    private Outcome added(
            String name,
            List<Measured> all,
            Size size,
            RelayContender rival,
            ToDoubleFunction<Measured> value,
            int rounds) {
        double direct = Figures.median(values(all, size, RelayContender.DIRECT, value));
        return new Outcome(
                name,
                Figures.median(values(all, size, ours, value)) - direct,
                Figures.median(values(all, size, rival, value)) - direct,
                rival.named(),
                "us",
                rounds,
                List.of(),
                List.of());
    }

    private static List<Double> values(
            List<Measured> all, Size size, RelayContender contender, ToDoubleFunction<Measured> value) {
        return all.stream()
                .filter(measured -> measured.contender.equals(contender) && measured.size.equals(size.name))
                .map(value::applyAsDouble)
                .toList();
    }

    private static Measured measure(Path dist, int round, Size size, RelayContender contender) throws Exception {
        try (RelayEnds ends = new RelayEnds();
                Forwarder forwarder = contender.start().start(dist, ends.mapServer(), size.players)) {
            ends.join(forwarder.port(), size.players);
            size.load.run(ends, WARM_UP);
            double before = forwarder.use().cpuSeconds();
            RelayEnds.Result load = size.load.run(ends, MEASURED);
            double cpu = forwarder.use().cpuSeconds() - before;
            double done = size.done.applyAsDouble(load);
            Measured measured = new Measured(round, size.name, contender, load, cpu, done);
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %5d players  %-8s  %d messages, %.1f MB in %.1f s  p50 %7.1f  p99 %8.1f  max %9.1f us"
                            + "  %5.2f CPU s  %6.2f CPU us a message%n",
                    round,
                    size.players,
                    contender.label(),
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
}
