package io.p2phost.security.verdict;

import java.util.Set;

/**
 * The server's own rates (conf/battle/*.conf), by which the reference's figures are scaled.
 *
 * @param expHeadroomPercent how far party bonuses, map flags and boosting items may lift one kill's experience above
 *     the table's, in percent of it
 * @param alwaysItems items that may drop anywhere: map drops, event drops, items that players' equipment adds
 * @param alwaysMobs monsters that may live anywhere: summons of others, branches, events
 */
public record Rates(
        int hpPercent,
        int mvpHpPercent,
        int baseExpPercent,
        int jobExpPercent,
        int expHeadroomPercent,
        int mobCountPercent,
        Set<Integer> alwaysItems,
        Set<Integer> alwaysMobs) {
    /** rAthena as shipped: 100 % everywhere; five times a kill's experience is beyond every stock bonus. */
    public static final Rates STOCK = new Rates(100, 100, 100, 100, 500, 100, Set.of(), Set.of());

    public Rates {
        alwaysItems = Set.copyOf(alwaysItems);
        alwaysMobs = Set.copyOf(alwaysMobs);
    }
}
