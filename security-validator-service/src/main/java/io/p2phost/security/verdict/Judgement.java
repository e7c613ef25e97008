package io.p2phost.security.verdict;

import io.p2phost.contracts.event.VerdictReached.Outcome;
import java.util.List;

/**
 * What a judge says of one observation.
 *
 * @param findings one sentence per fact that broke a rule or could not be judged, with value and expectation; bounded
 * @param referenceVersion what it was compared with
 */
public record Judgement(Outcome outcome, List<String> findings, String referenceVersion) {
    public Judgement {
        findings = List.copyOf(findings);
    }
}
