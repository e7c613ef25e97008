package io.p2phost.ro.sim;

import java.util.HashMap;
import java.util.Map;

/** How many of each item a map-server made and lost for good, so that tests can tell that none came or went otherwise. */
final class Ledger {
    private final Map<Integer, Long> made = new HashMap<>();
    private final Map<Integer, Long> gone = new HashMap<>();

    /** By a monster's death or a command. */
    void made(Item item) {
        made.merge(item.nameId(), (long) item.amount(), Long::sum);
    }

    /** Used up, or left on the floor too long. */
    void gone(Item item) {
        gone.merge(item.nameId(), (long) item.amount(), Long::sum);
    }

    long made(int nameId) {
        return made.getOrDefault(nameId, 0L);
    }

    /** What should be somewhere, as far as this server knows. */
    long balance(int nameId) {
        return made.getOrDefault(nameId, 0L) - gone.getOrDefault(nameId, 0L);
    }
}
