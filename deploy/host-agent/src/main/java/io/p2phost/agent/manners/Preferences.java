package io.p2phost.agent.manners;

import io.p2phost.agent.home.ConfReader;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;

/**
 * The owner's wishes ({@code manners.conf}, YAML). Unlike in {@code host_node.conf}, which others wrote first, an unknown
 * key is a fault: a mistyped wish must not be passed over in silence.
 *
 * @param exclusivePrograms names of programs, in small letters, beside which nothing is hosted
 * @param hours null: at any time
 * @param monthlyGigabytes of 10^9 bytes, the whole machine's traffic on its link to the server; empty: no budget
 * @param inputMinutes maps stay away for that long after a key or the mouse was touched; empty: input does not matter
 * @param maxCelsius processor temperature above which maps go; empty: none
 * @param calm how long a reason must be gone before maps may come again
 * @param handOver how long a planned hand-over may take before the agent leaves without it
 * @param keepAwake whether the machine must not fall asleep by itself while players are here
 */
public record Preferences(
        Set<String> exclusivePrograms,
        @Nullable Hours hours,
        OptionalInt monthlyGigabytes,
        boolean hostOnBattery,
        OptionalInt inputMinutes,
        boolean hostOnMetered,
        OptionalInt maxCelsius,
        Duration calm,
        Duration handOver,
        boolean keepAwake) {
    static final int MAX_PROGRAMS = 64;
    private static final int MAX_NAME = 64;
    private static final Duration USUAL_CALM = Duration.ofMinutes(5);
    private static final Duration USUAL_HAND_OVER = Duration.ofMinutes(2);

    /** What counts without a file: not on battery, not over a metered link. */
    public static final Preferences STANDARD = new Preferences(
            Set.of(),
            null,
            OptionalInt.empty(),
            false,
            OptionalInt.empty(),
            false,
            OptionalInt.empty(),
            USUAL_CALM,
            USUAL_HAND_OVER,
            true);

    public Preferences {
        exclusivePrograms = Set.copyOf(exclusivePrograms);
    }

    /** Reads the file if there is one. All faults are reported at once, with their lines. */
    public static Preferences read(Path file) {
        String text = ConfReader.text(file);
        return text == null ? STANDARD : parse(file.getFileName().toString(), text);
    }

    static Preferences parse(String fileName, String text) {
        return new Reader(new ConfReader(fileName)).read(text);
    }

    private static final class Reader {
        private final ConfReader conf;
        private final Set<String> seen = new HashSet<>();
        private final Set<String> programs = new TreeSet<>();
        private final Map<DayOfWeek, List<Hours.Span>> days = new EnumMap<>(DayOfWeek.class);
        private boolean anyHours = true;
        private OptionalInt monthlyGigabytes = OptionalInt.empty();
        private boolean hostOnBattery;
        private OptionalInt inputMinutes = OptionalInt.empty();
        private boolean hostOnMetered;
        private OptionalInt maxCelsius = OptionalInt.empty();
        private Duration calm = USUAL_CALM;
        private Duration handOver = USUAL_HAND_OVER;
        private boolean keepAwake = true;

        Reader(ConfReader conf) {
            this.conf = conf;
        }

        Preferences read(String text) {
            for (NodeTuple entry : conf.root(text)) {
                String key = ConfReader.key(entry);
                Node value = entry.getValueNode();
                once(key, entry);
                switch (key) {
                    case "exclusive_programs" -> conf.items(value).forEach(name -> program(key, name));
                    case "hours" -> hours(key, value);
                    case "monthly_traffic_gb" -> monthlyGigabytes = conf.number(key, value, 1, 1_000_000);
                    case "host_on_battery" -> hostOnBattery = conf.flag(key, value);
                    case "pause_after_input_minutes" -> inputMinutes = conf.number(key, value, 1, 240);
                    case "host_on_metered" -> hostOnMetered = conf.flag(key, value);
                    case "max_celsius" -> maxCelsius = conf.number(key, value, 40, 110);
                    case "calm_minutes" ->
                        calm = Duration.ofMinutes(
                                conf.number(key, value, 1, 120).orElse(1));
                    case "hand_over_seconds" ->
                        handOver = Duration.ofSeconds(
                                conf.number(key, value, 5, 900).orElse(5));
                    case "keep_awake" -> keepAwake = conf.flag(key, value);
                    default -> conf.fault(key, entry.getKeyNode(), "a key of manners.conf");
                }
            }
            conf.finish();
            return new Preferences(
                    programs,
                    anyHours ? null : new Hours(days),
                    monthlyGigabytes,
                    hostOnBattery,
                    inputMinutes,
                    hostOnMetered,
                    maxCelsius,
                    calm,
                    handOver,
                    keepAwake);
        }

        private void once(String key, NodeTuple entry) {
            if (!seen.add(key)) {
                conf.fault(key, entry.getKeyNode(), "each key once");
            }
        }

        private void program(String key, Node node) {
            String name = ConfReader.scalar(node);
            if (name == null || name.isBlank() || name.length() > MAX_NAME || name.matches(".*[/\\\\].*")) {
                conf.fault(key, node, "names of programs without their folder, 1 to " + MAX_NAME + " characters each");
            } else if (programs.size() >= MAX_PROGRAMS) {
                conf.fault(key, node, "at most " + MAX_PROGRAMS + " programs");
            } else {
                programs.add(name.toLowerCase(Locale.ROOT));
            }
        }

        private void hours(String key, Node node) {
            anyHours = false;
            List<Hours.Span> everyDay = List.of();
            for (NodeTuple entry : conf.entries(key, node)) {
                String day = ConfReader.key(entry);
                once(key + "." + day, entry);
                List<Hours.Span> spans = spans(key + "." + day, entry.getValueNode());
                if (day.equals("every_day")) {
                    everyDay = spans;
                } else {
                    weekday(day, entry, spans);
                }
            }
            for (DayOfWeek day : DayOfWeek.values()) {
                days.putIfAbsent(day, everyDay);
            }
        }

        private void weekday(String name, NodeTuple entry, List<Hours.Span> spans) {
            for (DayOfWeek day : DayOfWeek.values()) {
                if (day.name().toLowerCase(Locale.ROOT).equals(name)) {
                    days.put(day, spans);
                    return;
                }
            }
            conf.fault("hours." + name, entry.getKeyNode(), "monday to sunday, or every_day");
        }

        private List<Hours.Span> spans(String key, Node node) {
            List<Hours.Span> spans = new ArrayList<>();
            for (Node item : conf.items(node)) {
                String text = String.valueOf(ConfReader.scalar(item));
                if (text.equals("always")) {
                    spans.add(Hours.Span.ALL_DAY);
                } else if (!text.equals("never")) {
                    Hours.Span.parse(text)
                            .ifPresentOrElse(
                                    spans::add,
                                    () -> conf.fault(key, item, "HH:MM-HH:MM up to 24:00, always or never"));
                }
            }
            return List.copyOf(spans);
        }
    }
}
