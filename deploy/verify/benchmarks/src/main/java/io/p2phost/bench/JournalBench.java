package io.p2phost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Save groups that db-proxy makes durable before it acknowledges them, beside MariaDB with one row and one commit for each,
 * over the one connection that a char-server has, and over as many as db-proxy's pool has.
 */
final class JournalBench implements Bench {
    private static final int WARM_UP = 5;
    private static final int MEASURED = 10;
    /** A thousand players at an autosave of ten seconds. */
    private static final int PER_SECOND = 100;

    private static final double GOAL = 3;

    private enum Contender {
        OURS("ours", 0),
        ONE("MariaDB, single rows, one connection", 1),
        EIGHT("MariaDB, single rows, eight connections", 8);

        private final String title;
        private final int connections;

        Contender(String title, int connections) {
            this.title = title;
            this.connections = connections;
        }
    }

    /** What a process said of one window. */
    private record Window(
            int groups,
            double seconds,
            double loadCpu,
            double databaseCpu,
            double p50,
            double p99,
            double most,
            int late) {
        static Window of(String said) {
            String[] words = said.split(" ");
            return new Window(
                    Integer.parseInt(words[0]),
                    Double.parseDouble(words[1]),
                    Double.parseDouble(words[2]),
                    Double.parseDouble(words[3]),
                    Double.parseDouble(words[4]),
                    Double.parseDouble(words[5]),
                    Double.parseDouble(words[6]),
                    Integer.parseInt(words[7]));
        }

        double perSecond() {
            return groups / seconds;
        }

        double cpuMicros() {
            return (loadCpu + databaseCpu) * 1e6 / groups;
        }

        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("groups", groups);
            figures.put("perSecond", perSecond());
            figures.put("loadCpuMicros", loadCpu * 1e6 / groups);
            figures.put("databaseCpuMicros", databaseCpu * 1e6 / groups);
            figures.put("p50Micros", p50);
            figures.put("p99Micros", p99);
            figures.put("maxMicros", most);
            figures.put("late", late);
            return figures;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%7.0f a second  p50 %8.0f  p99 %8.0f  max %8.0f us  CPU us a group: %.0f in the client, %.0f in the database; %d late",
                    perSecond(),
                    p50,
                    p99,
                    most,
                    loadCpu * 1e6 / groups,
                    databaseCpu * 1e6 / groups,
                    late);
        }
    }

    private record Measured(int round, Contender contender, Window flat, Window paced) {
        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", contender.title);
            figures.put("flatOut", flat.figures());
            figures.put("paced", paced.figures());
            return figures;
        }
    }

    @Override
    public String name() {
        return "dbproxy-journal";
    }

    @Override
    public String what() {
        return "save groups that db-proxy acknowledges durably, beside MariaDB's commits of single rows";
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        boolean rival = Mariadb.isThere();
        if (!rival) {
            System.out.println("MariaDB is not installed (needs Debian package mariadb-server): measured without it.");
        }
        Path here = Files.createTempDirectory("p2p-bench-");
        System.out.println("databases on " + Files.getFileStore(here));
        Files.delete(here);
        List<Measured> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            List<Contender> order = List.of(Contender.values());
            for (Contender contender : round % 2 == 1 ? order : order.reversed()) {
                if (contender == Contender.OURS || rival) {
                    all.add(measure(dist, round, contender));
                }
            }
        }
        List<Map<String, Object>> summary = new ArrayList<>();
        for (Contender contender : Contender.values()) {
            spread(summary, all, contender, "groups a second", measured -> measured.flat.perSecond());
            spread(summary, all, contender, "CPU us a group", measured -> measured.flat.cpuMicros());
            spread(summary, all, contender, "p50 us, paced", measured -> measured.paced.p50);
            spread(summary, all, contender, "p99 us, paced", measured -> measured.paced.p99);
        }
        List<Map<String, Object>> raw = all.stream().map(Measured::figures).toList();
        for (Outcome outcome : List.of(
                outcome("-p50", all, measured -> measured.paced.p50, Contender.ONE, "us", rounds, summary, raw),
                outcome("-p99", all, measured -> measured.paced.p99, Contender.ONE, "us", rounds, summary, raw),
                outcome(
                        "-cpu",
                        all,
                        measured -> measured.flat.cpuMicros(),
                        Contender.ONE,
                        "cpu-us-per-group",
                        rounds,
                        summary,
                        raw),
                outcome(
                        "-eight",
                        all,
                        measured -> measured.flat.perSecond(),
                        Contender.EIGHT,
                        "groups/s",
                        rounds,
                        summary,
                        raw))) {
            System.out.println(outcome.line());
        }
        Outcome last = outcome(
                "", all, measured -> measured.flat.perSecond(), Contender.ONE, "groups/s", rounds, summary, raw);
        if (last.rival() != null) {
            System.out.printf(
                    Locale.ROOT,
                    "%.1f times as many (goal: at least %.0f): %s%n",
                    last.ours() / last.rival(),
                    GOAL,
                    last.ours() >= GOAL * last.rival() ? "reached" : "missed");
        }
        return last;
    }

    private static void spread(
            List<Map<String, Object>> summary,
            List<Measured> all,
            Contender contender,
            String what,
            ToDoubleFunction<Measured> value) {
        List<Double> values = values(all, contender, value);
        if (!values.isEmpty()) {
            summary.add(Figures.spread(contender.title + ": " + what, values));
        }
    }

    private static List<Double> values(List<Measured> all, Contender contender, ToDoubleFunction<Measured> value) {
        return all.stream()
                .filter(measured -> measured.contender == contender)
                .map(value::applyAsDouble)
                .toList();
    }

    private Outcome outcome(
            String more,
            List<Measured> all,
            ToDoubleFunction<Measured> value,
            Contender rival,
            String unit,
            int rounds,
            List<Map<String, Object>> summary,
            List<Map<String, Object>> raw) {
        List<Double> theirs = values(all, rival, value);
        return new Outcome(
                name() + more,
                Figures.median(values(all, Contender.OURS, value)),
                theirs.isEmpty() ? null : Figures.median(theirs),
                theirs.isEmpty() ? null : rival.title,
                unit,
                rounds,
                summary,
                raw);
    }

    private static Measured measure(Path dist, int round, Contender contender) throws Exception {
        if (contender == Contender.OURS) {
            try (Postgresql database = new Postgresql(dist)) {
                return measure(dist, round, contender, "postgresql", database.url(), database.pid());
            }
        }
        try (Mariadb database = new Mariadb()) {
            return measure(dist, round, contender, "mariadb", database.url(), database.pid());
        }
    }

    private static Measured measure(Path dist, int round, Contender contender, String kind, String url, long pid)
            throws IOException {
        try (ServiceJvm load = ServiceJvm.start(
                dist, JournalLoad.class, kind, url, Long.toString(pid), Integer.toString(contender.connections))) {
            String bytes = load.hear();
            load.ask("flat " + WARM_UP);
            Window flat = Window.of(load.ask("flat " + MEASURED));
            Window paced = Window.of(load.ask("paced " + MEASURED + " " + PER_SECOND));
            System.out.printf("round %d  %s, %s bytes a group%n", round, contender.title, bytes);
            System.out.printf("         flat out     %s%n", flat);
            System.out.printf("         %d a second %s%n", PER_SECOND, paced);
            return new Measured(round, contender, flat, paced);
        }
    }
}
