package io.p2phost.security.verdict;

import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import java.time.Duration;

/**
 * What was refused on a host's char link. Some of it no honest host sends, whatever its players do: once is enough. Some
 * of it crosses a player's move on its way: only more of it than players can move convicts. The rest says nothing. A host
 * of which nothing else is known is not cleared by it.
 */
final class ProtocolRules {
    private final Ceilings ceilings;

    ProtocolRules(Ceilings ceilings) {
        this.ceilings = ceilings;
    }

    Ruling rule(Fact.Protocol fact) {
        String seen = String.format("PROTOCOL: %s packet %04x, %d times", fact.kind(), fact.packet(), fact.count());
        return switch (fact.kind()) {
            case FORBIDDEN, MISSHAPEN, FOREIGN_ID, OVER_CEILING -> Ruling.broken(seen + " (expected: never)");
            case NOT_ITS_PLAYER, NOT_HIS_GROUP, UNASKED, NOT_TAKEN -> Ruling.unknown(seen);
        };
    }

    /** All late and early packets of the observation together. */
    Ruling late(Observation observation) {
        long count = observation.facts().stream()
                .mapToLong(
                        fact -> fact instanceof Fact.Protocol refused && isLate(refused.kind()) ? refused.count() : 0)
                .sum();
        long seconds = Duration.between(observation.from(), observation.to()).toSeconds();
        long minutes = Math.max(1, Math.ceilDiv(seconds, 60));
        long most = minutes * ceilings.latePerMinute();
        return count <= most
                ? Ruling.PASSED
                : Ruling.broken("PROTOCOL: " + count + " packets for players who are elsewhere in " + seconds
                        + " s (expected: at most " + most + ")");
    }

    private static boolean isLate(Fact.Protocol.Kind kind) {
        return switch (kind) {
            case NOT_ITS_PLAYER, NOT_HIS_GROUP, UNASKED -> true;
            case FORBIDDEN, MISSHAPEN, FOREIGN_ID, OVER_CEILING, NOT_TAKEN -> false;
        };
    }
}
