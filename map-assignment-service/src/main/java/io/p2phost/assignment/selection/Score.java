package io.p2phost.assignment.selection;

import java.util.List;

/**
 * A host's score for one map.
 *
 * @param total the terms' mean by weight, in [0,1]
 */
public record Score(double total, List<Term> terms) {
    /** One reason for or against; value in [0,1]. */
    public record Term(String name, double value, double weight) {}

    public Score {
        terms = List.copyOf(terms);
    }

    static Score of(List<Term> terms) {
        double sum = 0;
        double weights = 0;
        for (Term term : terms) {
            sum += term.value() * term.weight();
            weights += term.weight();
        }
        return new Score(sum / weights, terms);
    }
}
