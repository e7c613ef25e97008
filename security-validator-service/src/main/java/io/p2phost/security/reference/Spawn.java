package io.p2phost.security.reference;

import java.util.Set;

/**
 * How many monsters of a kind a map's spawn lines hold together.
 *
 * @param levels levels that the lines set instead of the monster's own; empty if none does
 */
public record Spawn(int amount, Set<Integer> levels) {
    public Spawn {
        levels = Set.copyOf(levels);
    }
}
