package io.p2phost.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param ours median of our rounds
 * @param rival median of the rival's; null where there is none
 * @param rivalName who that is
 * @param summary medians and ranges
 * @param raw every round's figures, in the order in which they were taken
 * @param more words that end the line; empty for most
 */
record Outcome(
        String name,
        double ours,
        @Nullable Double rival,
        @Nullable String rivalName,
        String unit,
        int rounds,
        List<Map<String, Object>> summary,
        List<Map<String, Object>> raw,
        String more) {
    Outcome(
            String name,
            double ours,
            @Nullable Double rival,
            @Nullable String rivalName,
            String unit,
            int rounds,
            List<Map<String, Object>> summary,
            List<Map<String, Object>> raw) {
        this(name, ours, rival, rivalName, unit, rounds, summary, raw, "");
    }

    /** The last line of a run, for people and scripts. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%s ours=%s rival=%s ratio=%s unit=%s rounds=%d%s",
                name,
                figure(ours),
                rival == null ? "-" : figure(rival),
                rival == null ? "-" : figure(ours / rival),
                unit,
                rounds,
                more.isEmpty() ? "" : " " + more);
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.3f", value);
    }
}
