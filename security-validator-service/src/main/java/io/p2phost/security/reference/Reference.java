package io.p2phost.security.reference;

import io.p2phost.contracts.MapName;
import java.util.Map;
import java.util.Optional;

/**
 * One version of the reference data, unchangeable.
 *
 * @param version identifies the files' contents; {@code none} without a reference
 * @param items item id to AegisName
 * @param skills skill id to its highest level
 * @param spawns map to monster id to what its lines hold
 */
public record Reference(
        String version,
        Map<Integer, Monster> monsters,
        Map<Integer, String> items,
        Map<Integer, Integer> skills,
        Map<MapName, Map<Integer, Spawn>> spawns) {
    /** Nothing is known, so nothing can be judged. */
    public static final Reference NONE = new Reference("none", Map.of(), Map.of(), Map.of(), Map.of());

    public Reference {
        monsters = Map.copyOf(monsters);
        items = Map.copyOf(items);
        skills = Map.copyOf(skills);
        spawns = Map.copyOf(spawns);
    }

    public Optional<Monster> monster(int id) {
        return Optional.ofNullable(monsters.get(id));
    }

    /** The spawn lines of a map; empty when no line names it. */
    public Optional<Map<Integer, Spawn>> spawnsOf(MapName map) {
        return Optional.ofNullable(spawns.get(map));
    }
}
