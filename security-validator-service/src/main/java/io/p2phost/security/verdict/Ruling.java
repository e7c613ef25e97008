package io.p2phost.security.verdict;

import io.p2phost.contracts.event.VerdictReached.Outcome;

/** What is said of one fact, or of several that belong together. */
record Ruling(Outcome outcome, String finding) {
    static final Ruling PASSED = new Ruling(Outcome.PASSED, "");

    static Ruling broken(String finding) {
        return new Ruling(Outcome.FAILED, finding);
    }

    static Ruling unknown(String finding) {
        return new Ruling(Outcome.INCONCLUSIVE, finding);
    }
}
