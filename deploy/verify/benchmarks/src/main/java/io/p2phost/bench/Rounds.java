package io.p2phost.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Rounds of ours and of a rival, one after the other, and what comes of them.
 *
 * @param rival as it is named in the outcome
 */
record Rounds<M extends Rounds.Measured>(String rival, int rounds, List<M> all) {
    /** What one of the two showed in a round. */
    interface Measured {
        boolean ours();

        Map<String, Object> figures();
    }

    /** Measures one of the two. */
    interface Measuring<M> {
        M measure(int round, boolean ours) throws Exception;
    }

    Rounds {
        all = List.copyOf(all);
    }

    /** Beside HAProxy, where it is installed. */
    static <M extends Measured> Rounds<M> besideHaproxy(String rival, int rounds, Measuring<M> measuring)
            throws Exception {
        boolean isThere = Haproxy.isThere();
        if (!isThere) {
            System.out.println("HAProxy is not installed (Debian: haproxy): measured without it.");
        }
        Forwarder.stayOff();
        List<M> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            all.add(measuring.measure(round, true));
            if (isThere) {
                all.add(measuring.measure(round, false));
            }
        }
        return new Rounds<>(rival, rounds, all);
    }

    /** One figure's medians. */
    Outcome outcome(String name, ToDoubleFunction<M> value, String unit) {
        List<Double> ours = values(true, value);
        List<Double> theirs = values(false, value);
        List<Map<String, Object>> summary = new ArrayList<>();
        summary.add(Figures.spread("ours: " + unit, ours));
        if (!theirs.isEmpty()) {
            summary.add(Figures.spread("rival: " + unit, theirs));
        }
        return new Outcome(
                name,
                Figures.median(ours),
                theirs.isEmpty() ? null : Figures.median(theirs),
                theirs.isEmpty() ? null : rival,
                unit,
                rounds,
                summary,
                all.stream().map(Measured::figures).toList());
    }

    private List<Double> values(boolean ours, ToDoubleFunction<M> value) {
        return all.stream()
                .filter(measured -> measured.ours() == ours)
                .map(value::applyAsDouble)
                .toList();
    }
}
