package io.p2phost.contracts.event;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.util.List;

/**
 * Judgement on one observation (topic {@code p2p.verdicts.v1}, key hostId).
 *
 * @param strikes consecutive failed validations of the host, this one included
 * @param blacklist true on the verdict that reached the limit of strikes
 * @param findings one sentence per rule broken, with value and expectation
 */
public record VerdictReached(
        String validationId,
        String observationId,
        HostId hostId,
        MapName map,
        Outcome outcome,
        int strikes,
        boolean blacklist,
        List<String> findings) {
    public static final String TYPE = "VerdictReached";

    /** INCONCLUSIVE neither counts nor resets. */
    public enum Outcome {
        PASSED,
        FAILED,
        INCONCLUSIVE
    }
}
