package io.p2phost.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The alerts of Prometheus, as they are written: one expression a line; and the queries of Grafana's boards. */
final class Alerts {
    static final Path ROOT = Path.of("../../..").toAbsolutePath().normalize();
    static final Path FOLDER = ROOT.resolve("deploy/prometheus");

    private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
    private static final Pattern LINE = Pattern.compile("(?m)^ +(\\w+): (.+)$");
    private static final Pattern SERIES = Pattern.compile("(p2p_\\w+)(\\{[^}]*})?");
    private static final Pattern QUERY = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|=)\"([^\"]*)\"");

    /**
     * One of them.
     *
     * @param lines what stands in it, by key
     */
    record Alert(String name, Map<String, String> lines) {
        String line(String key) {
            return lines.getOrDefault(key, "");
        }
    }

    private Alerts() {}

    static List<Alert> all() throws IOException {
        String text = Files.readString(FOLDER.resolve("alerts.yml"));
        List<Alert> all = new ArrayList<>();
        Matcher alert = ALERT.matcher(text);
        while (alert.find()) {
            int end = text.indexOf("- alert:", alert.end());
            Map<String, String> lines = new HashMap<>();
            Matcher line = LINE.matcher(text.substring(alert.end(), end < 0 ? text.length() : end));
            while (line.find()) {
                lines.putIfAbsent(line.group(1), line.group(2));
            }
            all.add(new Alert(alert.group(1), lines));
        }
        return all;
    }

    /** What Grafana's boards ask Prometheus. */
    static List<String> boardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        try (Stream<Path> boards = Files.list(ROOT.resolve("deploy/grafana/dashboards"))) {
            for (Path board : boards.toList()) {
                QUERY.matcher(Files.readString(board))
                        .results()
                        .map(query -> query.group(1).replace("\\\"", "\""))
                        .forEach(queries::add);
            }
        }
        return queries;
    }

    /** What the suite itself must expose for that: names, with their labels' conditions if they have any. */
    static Set<String> series(Stream<String> queries) {
        return queries.flatMap(query -> SERIES.matcher(query).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> series() throws IOException {
        return series(all().stream().map(alert -> alert.line("expr")));
    }

    static String name(String series) {
        return series.replaceFirst("\\{.*", "");
    }

    /** Whether a line of a service's metrics is of that series. */
    static boolean isOf(String series, String line) {
        if (!line.matches(name(series) + "[{ ].*")) {
            return false;
        }
        Map<String, String> labels = new HashMap<>();
        Matcher label = MATCHER.matcher(line);
        while (label.find()) {
            labels.put(label.group(1), label.group(3));
        }
        Matcher wanted = MATCHER.matcher(series);
        boolean all = true;
        while (wanted.find()) {
            String value = labels.getOrDefault(wanted.group(1), "");
            all &= wanted.group(2).equals("=") ? value.equals(wanted.group(3)) : value.matches(wanted.group(3));
        }
        return all;
    }
}
