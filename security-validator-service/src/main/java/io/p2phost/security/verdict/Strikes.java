package io.p2phost.security.verdict;

import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host's consecutive failed validations. Verdicts may arrive late: a failure seen before the newest success does not
 * count, and a success seen before the newest failure does not absolve.
 *
 * @param count consecutive failures, the newest included
 * @param blacklisted set on the verdict that reached the limit, until an operator lifts it
 * @param heldByRegistry whether the registry has said that the host is blacklisted; only then does another state of
 *     the host mean that it was lifted
 * @param hostVersion the registry's per-host counter of the last state heard
 * @param version grows with every change; orders the host's verdicts
 */
public record Strikes(
        int count,
        boolean blacklisted,
        boolean heldByRegistry,
        long hostVersion,
        long version,
        @Nullable Instant lastFailure,
        @Nullable Instant lastSuccess) {
    /** Nothing is held against the host. */
    public static final Strikes NONE = new Strikes(0, false, false, 0, 0, null, null);

    /** What a verdict changes. */
    public record Step(Strikes next, boolean blacklist) {}

    /**
     * Takes a verdict into account.
     *
     * @param seenUntil end of the observation's window
     * @param limit consecutive failures that blacklist
     */
    public Step after(Outcome outcome, Instant seenUntil, int limit) {
        return switch (outcome) {
            case INCONCLUSIVE -> new Step(withVersion(count, blacklisted, lastFailure, lastSuccess), false);
            case PASSED -> {
                boolean absolves = lastFailure == null || !seenUntil.isBefore(lastFailure);
                yield new Step(
                        withVersion(absolves ? 0 : count, blacklisted, lastFailure, later(lastSuccess, seenUntil)),
                        false);
            }
            case FAILED -> {
                boolean counts = lastSuccess == null || !seenUntil.isBefore(lastSuccess);
                int failures = counts ? count + 1 : count;
                boolean blacklist = counts && failures >= limit && !blacklisted;
                yield new Step(
                        withVersion(failures, blacklisted || blacklist, later(lastFailure, seenUntil), lastSuccess),
                        blacklist);
            }
        };
    }

    /** Takes a state of the host into account: lifting the blacklist gives a clean slate. */
    public Strikes afterState(HostLifeState state, long stateVersion) {
        boolean held = state == HostLifeState.BLACKLISTED;
        // A host's events come in order: what neither holds nor frees it, e.g. its load, is not worth a write.
        if (stateVersion <= hostVersion || (!held && !heldByRegistry)) {
            return this;
        }
        if (held) {
            return new Strikes(count, blacklisted, true, stateVersion, version + 1, lastFailure, lastSuccess);
        }
        return new Strikes(0, false, false, stateVersion, version + 1, lastFailure, lastSuccess);
    }

    private Strikes withVersion(
            int newCount, boolean nowBlacklisted, @Nullable Instant failure, @Nullable Instant success) {
        return new Strikes(newCount, nowBlacklisted, heldByRegistry, hostVersion, version + 1, failure, success);
    }

    private static Instant later(@Nullable Instant a, Instant b) {
        return a == null || b.isAfter(a) ? b : a;
    }
}
