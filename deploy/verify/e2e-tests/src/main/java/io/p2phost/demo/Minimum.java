package io.p2phost.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What the operator of the demo asks less of hosts; everything else in the files stays. */
final class Minimum {
    static final String FILE = "p2p_map_config.conf";
    static final String LOAD_FILE = "host_node.conf";

    /** Key in the file, and the field of the machine's measurement it is about. */
    private static final Map<String, String> KEYS = Map.of(
            "cpu_min_ghz", "cpuGhz",
            "cpu_min_cores", "cpuCores",
            "ram_min_gb", "ramGb",
            "network_min_mbps", "networkMbps");

    private Minimum() {}

    /** The new text and what was lowered, one line each. */
    record Lowered(String text, List<String> changes) {}

    /**
     * @param text the file in force
     * @param machine what the machine measures
     * @param inForce minimum by key, as the suite applies it, also where the file does not name it
     */
    static Lowered lower(String text, JsonNode machine, Map<String, BigDecimal> inForce) {
        Map<String, BigDecimal> wanted = new LinkedHashMap<>();
        List<String> changes = new ArrayList<>();
        KEYS.keySet().stream().sorted().forEach(key -> {
            BigDecimal required = inForce.get(key);
            BigDecimal actual = machine.path(KEYS.get(key)).decimalValue();
            if (required != null && actual.compareTo(required) < 0) {
                BigDecimal lower = actual.setScale(1, RoundingMode.DOWN).stripTrailingZeros();
                wanted.put(key, lower);
                changes.add(key + ": " + required.toPlainString() + " -> " + lower.toPlainString());
            }
        });
        String changed = text;
        for (Map.Entry<String, BigDecimal> entry : wanted.entrySet()) {
            changed = set(changed, entry.getKey(), entry.getValue().toPlainString());
        }
        return new Lowered(changed, changes);
    }

    /** {@code host_node.conf} with the limit of a host's processor load, if it names one, at its most. */
    static String busy(String text) {
        Matcher line = line(text, "cpu_limit");
        return line.find() ? line.replaceAll(match -> match.group(1) + 100) : text;
    }

    private static Matcher line(String text, String key) {
        return Pattern.compile("(?m)^([ \\t]*" + key + "[ \\t]*:[ \\t]*)([^\\s/]+)")
                .matcher(text);
    }

    private static String set(String text, String key, String value) {
        Matcher line = line(text, key);
        if (line.find()) {
            return line.replaceAll(match -> Matcher.quoteReplacement(match.group(1) + value));
        }
        return text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + key + ": " + value + "\n";
    }

    /** The minimum by key out of {@code GET /config}. */
    static Map<String, BigDecimal> inForce(JsonNode config) {
        Map<String, BigDecimal> values = new LinkedHashMap<>();
        for (JsonNode setting : config.path("settings")) {
            String key = setting.path("name").asString("");
            if (KEYS.containsKey(key)) {
                values.put(key, new BigDecimal(setting.path("value").asString("0")));
            }
        }
        return values;
    }
}
