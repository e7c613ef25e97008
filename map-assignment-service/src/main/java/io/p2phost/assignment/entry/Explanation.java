package io.p2phost.assignment.entry;

import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.selection.Candidate;
import io.p2phost.assignment.standby.StandbyView;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a map is served by whom it is.
 *
 * @param standby the host that is to take the map over; null while there is none
 * @param protectedPlayers who are on the VPS's copy because only the VPS can read their clients; null when nobody says
 * @param summary for people: why it is where it is, and who is on the VPS all the same
 * @param gates everything that must hold before any host is looked at, in order
 * @param candidates every host with its score, or the first gate it does not pass
 */
public record Explanation(
        MapName map,
        MapEntry catalogue,
        Epoch epoch,
        @Nullable Owner owner,
        boolean ready,
        @Nullable StandbyView standby,
        @Nullable Integer protectedPlayers,
        String summary,
        List<Gate> gates,
        List<Candidate> candidates) {
    public Explanation {
        gates = List.copyOf(gates);
        candidates = List.copyOf(candidates);
    }

    /** One condition. */
    public record Gate(String name, boolean passed, String detail) {}
}
