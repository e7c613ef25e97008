package io.p2phost.assignment.whois;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The players of all living relays. */
@FunctionalInterface
public interface RelayPlayers {
    /** Asks every relay that is alive. */
    Answer ask(String whom);

    /**
     * What they said.
     *
     * @param players whoever was found
     * @param silent relays that did not answer: he may be there
     */
    record Answer(List<Player> players, List<String> silent) {}

    /**
     * A player.
     *
     * @param clientAddress where he comes from
     * @param sourceAddress what map-servers see
     * @param since when he connected
     */
    record Player(
            String relayId,
            int accountId,
            String clientAddress,
            String sourceAddress,
            long sessionNumber,
            String phase,
            Instant since,
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable Owner owner) {}
}
