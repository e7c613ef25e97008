package io.p2phost.dbproxy.ownership;

import io.p2phost.contracts.Epoch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of an {@link OwnerChange}. */
public sealed interface OwnerDecision {
    /**
     * It is in effect.
     *
     * @param previous the row before, null when there was none
     * @param routes relays that have the new route already
     */
    record Changed(MapOwner now, @Nullable MapOwner previous, List<RelayRoute> routes) implements OwnerDecision {
        Changed with(List<RelayRoute> told) {
            return new Changed(now, previous, told);
        }
    }

    /** Somebody was faster: this is the row in effect ({@link Epoch#NONE} and no owner when there is none). */
    record Stale(MapOwner current) implements OwnerDecision {}

    /** The host cannot own maps now. */
    record NotReady(String reason) implements OwnerDecision {}
}
