package io.p2phost.ro.sim.stock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A conf file of rAthena with what it imports: {@code key: value} lines, {@code //} before what is not meant. Of two lines
 * with the same key the last counts.
 */
final class StockConf {
    private static final int DEEPEST = 10;

    private final Map<String, List<String>> values = new HashMap<>();

    private StockConf() {}

    /** Paths are relative to the working folder, as the real one's are. */
    static StockConf read(Path folder, String path) throws IOException {
        StockConf conf = new StockConf();
        conf.take(folder, path, 0);
        return conf;
    }

    private void take(Path folder, String path, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException(path + ": imports itself");
        }
        for (String line : Files.readAllLines(folder.resolve(path))) {
            int colon = line.indexOf(':');
            if (colon < 0 || line.strip().startsWith("//")) {
                continue;
            }
            String key = line.substring(0, colon).strip();
            String value = line.substring(colon + 1).strip();
            switch (key) {
                case "import" -> take(folder, value, depth + 1);
                case "delmap" -> values.remove("map");
                default -> values.computeIfAbsent(key, any -> new ArrayList<>()).add(value);
            }
        }
    }

    List<String> all(String key) {
        return List.copyOf(values.getOrDefault(key, List.of()));
    }

    String text(String key) {
        List<String> all = all(key);
        if (all.isEmpty()) {
            throw new IllegalArgumentException(key + ": missing (expected: a value)");
        }
        return all.getLast();
    }

    int number(String key) {
        String text = text(key);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": " + text + " (expected: a number)", e);
        }
    }

    String address(String ip, String port) {
        return text(ip) + ":" + number(port);
    }
}
