package io.p2phost.assignment.config;

import java.util.List;

/**
 * A setting as it is in force.
 *
 * @param source {@code file:line}, or {@code default}
 * @param losers what other places say that lost against the source, strongest first
 * @param effect what the setting does
 */
public record EffectiveSetting(
        String name, String value, String unit, String source, List<Loser> losers, String effect) {
    /** A value that is set somewhere but does not count. */
    public record Loser(String value, String source) {}

    public EffectiveSetting {
        losers = List.copyOf(losers);
    }
}
