package io.p2phost.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** When an agent served which map at which epoch, by its own log. */
public final class Traces {
    private static final Pattern LINE = Pattern.compile("(\\S+Z) +(?:INFO|WARN) +(.*)");
    private static final Pattern PHASE = Pattern.compile("(\\S+) epoch (\\d+): ([A-Z_]+)\\b.*");
    private static final Pattern OVER = Pattern.compile("(?:fenced|no longer wanted): (\\S+) epoch \\d+.*");
    private static final String READY = "READY";
    private static final String STOPPED = "stopped serving: ";

    private Traces() {}

    /** That host served that map from then until then. */
    public record Served(String host, String map, long epoch, Instant from, Instant until) {}

    /**
     * Out of the lines of a log.
     *
     * @param silenced when the agent was killed or put to sleep, which no log of it says
     * @param end when the log was read
     */
    public static List<Served> served(String host, List<String> log, Collection<Instant> silenced, Instant end) {
        List<Served> served = new ArrayList<>();
        Map<String, Served> open = new HashMap<>();
        List<Instant> silences = silenced.stream().sorted().toList();
        int next = 0;
        for (String text : log) {
            Matcher line = LINE.matcher(text);
            if (!line.matches()) {
                continue;
            }
            Instant at = Instant.parse(line.group(1));
            for (; next < silences.size() && silences.get(next).isBefore(at); next++) {
                closeAll(open, silences.get(next), served);
            }
            String words = line.group(2);
            Matcher phase = PHASE.matcher(words);
            Matcher over = OVER.matcher(words);
            if (phase.matches()) {
                close(open.remove(phase.group(1)), at, served);
                if (phase.group(3).equals(READY)) {
                    String map = phase.group(1);
                    open.put(map, new Served(host, map, Long.parseLong(phase.group(2)), at, end));
                }
            } else if (over.matches()) {
                close(open.remove(over.group(1)), at, served);
            } else if (words.startsWith(STOPPED)) {
                closeAll(open, at, served);
            }
        }
        closeAll(open, next < silences.size() ? silences.get(next) : end, served);
        return served;
    }

    private static void closeAll(Map<String, Served> open, Instant at, List<Served> into) {
        open.values().forEach(each -> close(each, at, into));
        open.clear();
    }

    private static void close(@Nullable Served open, Instant at, List<Served> into) {
        if (open != null) {
            into.add(new Served(open.host(), open.map(), open.epoch(), open.from(), at));
        }
    }

    /** Who served an epoch that was never his by the table of owners. */
    public static List<String> faults(List<Served> served, List<Owners.Row> rows) {
        return served.stream()
                .filter(each -> rows.stream()
                        .noneMatch(row -> row.map().equals(each.map())
                                && row.epoch() == each.epoch()
                                && row.owner().equals("HOST " + each.host())))
                .map(each -> "owners: host " + each.host() + " served " + each.map() + " at epoch " + each.epoch()
                        + " from " + each.from() + ", which was never its own")
                .toList();
    }

    /** The longest time for which a host believed itself the owner of what had another one by then. */
    public static Duration longestUnknowing(List<Served> served, List<Owners.Row> rows) {
        return served.stream()
                .flatMap(each -> rows.stream()
                        .filter(row -> row.map().equals(each.map()) && row.epoch() > each.epoch())
                        .limit(1)
                        .map(row -> Duration.between(row.at(), each.until())))
                .filter(late -> !late.isNegative())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
