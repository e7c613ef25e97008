package io.p2phost.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Medians and ranges of rounds. */
final class Figures {
    private Figures() {}

    /** Median and range under a name. */
    static Map<String, Object> spread(String what, List<Double> values) {
        Map<String, Object> spread = new LinkedHashMap<>();
        spread.put("what", what);
        spread.put("median", median(values));
        spread.put("least", Collections.min(values));
        spread.put("most", Collections.max(values));
        spread.put("rounds", values.size());
        return spread;
    }

    static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values: none (expected: at least one round)");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
