package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What one save group may change at most; beyond it the group is refused on the spot, whatever the statistics say.
 *
 * @param usual for every map without limits of its own
 * @param variables names of variables that a host may write
 * @param cells where a host may say that a character stands
 * @param rare items that wait for confirmation
 */
public record SaveLimits(Gain usual, Map<MapName, Gain> byMap, List<Pattern> variables, Cells cells, RareItems rare) {
    /**
     * Gains of one character in one save group.
     *
     * @param zeny a loss is never limited
     */
    public record Gain(int baseLevels, int jobLevels, long baseExperience, long jobExperience, long zeny) {
        public Gain {
            if (baseLevels < 0 || jobLevels < 0 || baseExperience < 0 || jobExperience < 0 || zeny < 0) {
                throw new IllegalArgumentException("gain: a limit is negative (expected: 0 or more)");
            }
        }
    }

    public SaveLimits {
        byMap = Map.copyOf(byMap);
        variables = List.copyOf(variables);
    }

    /** Wherever characters stand, and with nothing rare. */
    public SaveLimits(Gain usual, Map<MapName, Gain> byMap, List<Pattern> variables) {
        this(usual, byMap, variables, Cells.UNKNOWN, RareItems.NONE);
    }

    Gain on(MapName map) {
        return byMap.getOrDefault(map, usual);
    }

    boolean mayWrite(String variable) {
        return variables.stream().anyMatch(pattern -> pattern.matcher(variable).matches());
    }
}
