package io.p2phost.security.verdict;

import io.p2phost.contracts.MapName;
import java.util.Map;

/**
 * The most that honest play can come to: the operator's own figures, set well above what his best players reach.
 *
 * @param usual for every map without its own
 * @param latePerMinute packets that an honest map-server may send too late or too early, for players who are on the move
 */
public record Ceilings(Hourly usual, Map<MapName, Hourly> byMap, int latePerMinute) {
    /** Far beyond play at the usual rates. */
    public static final Ceilings GENEROUS =
            new Ceilings(new Hourly(600, 600, 500_000_000, 500_000_000, 100_000_000), Map.of(), 5_000);

    /** Gains of one player in an hour; zeny is the map's, divided by its players. */
    public record Hourly(long baseLevels, long jobLevels, long baseExperience, long jobExperience, long zeny) {}

    public Ceilings {
        byMap = Map.copyOf(byMap);
    }

    Hourly on(MapName map) {
        return byMap.getOrDefault(map, usual);
    }
}
