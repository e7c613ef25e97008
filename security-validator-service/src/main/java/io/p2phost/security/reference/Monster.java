package io.p2phost.security.reference;

import java.util.Map;
import java.util.Set;

/**
 * A monster as {@code mob_db.yml} defines it.
 *
 * @param maxHp before the server's rates
 * @param mvp whether the server's MVP rates apply to it
 * @param drops item id to how many entries of the drop tables (MVP rewards included) name it; each yields at most one
 *     item per kill
 * @param unresolvedDrops names in the drop tables that the item reference does not know
 */
public record Monster(
        int id,
        String aegisName,
        int level,
        long maxHp,
        long baseExp,
        long jobExp,
        boolean mvp,
        Map<Integer, Integer> drops,
        Set<String> unresolvedDrops) {
    public Monster {
        drops = Map.copyOf(drops);
        unresolvedDrops = Set.copyOf(unresolvedDrops);
    }
}
