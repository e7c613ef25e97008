package io.p2phost.dbproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.SimSuite.Hosted;
import io.p2phost.dbproxy.mux.SimSuite.Plant;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One drops what he has, the other takes it and often leaves, and their host's process is killed at a moment by chance. */
class GiftStoriesTest {
    private static final int EVERYDAY = 50;
    private static final int DEEP = 1_000;
    private static final int SETTLED_MILLIS = 90_000;

    /** Who has it in the end. */
    private enum End {
        GIVER,
        TAKER,
        NOBODY,
        BOTH
    }

    @Test
    void nothingIsThereTwice() {
        play(1, EVERYDAY);
    }

    @Test
    @Tag("deep")
    void nothingIsThereTwiceInAThousandStories() {
        play(1, DEEP);
    }

    @Test
    void withoutTheRelaysWordItIs() {
        assertThat(ends(1, EVERYDAY, Plant.UNTOLD_GIFTS)).containsKey(End.BOTH);
    }

    private static void play(long first, int count) {
        Map<End, Integer> ends = ends(first, count, Plant.NONE);
        assertThat(ends).as("how %d stories ended", count).doesNotContainKey(End.BOTH);
        assertThat(ends.getOrDefault(End.TAKER, 0) + ends.getOrDefault(End.GIVER, 0))
                .as("lost only in the moment before the host died: %s", ends)
                .isGreaterThan(count / 2);
    }

    private static Map<End, Integer> ends(long first, int count, Plant plant) {
        Map<End, Integer> ends = new EnumMap<>(End.class);
        for (long seed = first; seed < first + count; seed++) {
            ends.merge(story(seed, plant), 1, Integer::sum);
        }
        return ends;
    }

    private static End story(long seed, Plant plant) {
        SplittableRandom random = new SplittableRandom(seed);
        SimSuite suite = new SimSuite(seed, plant, 0);
        Hosted host = suite.owner(SimSuite.FIELD);
        Point place = new Point(SimSuite.FIELD.value(), 100, 100);
        SimClient giver = suite.client("giver", 0, place);
        SimClient taker = suite.client("taker", 0, place);
        suite.play(giver);
        suite.play(taker);
        int givers = giver.charId();
        int takers = taker.charId();
        long gift = suite.database.inventory(givers).stream()
                .filter(item -> item.nameId() == SimSuite.KEEPSAKE)
                .findFirst()
                .orElseThrow()
                .uniqueId();
        suite.run(random.nextInt(10_000));
        giver.drop(giver.slotOf(SimSuite.KEEPSAKE), 1);
        suite.run(random.nextInt(20, 400));
        taker.floor().forEach(taker::pickUp);
        suite.run(random.nextInt(200));
        switch (random.nextInt(3)) {
            case 0 -> taker.quit();
            case 1 -> taker.toCharacterScreen();
            default -> {
                // He stays.
            }
        }
        suite.run(random.nextInt(400));
        suite.kill(host.server());
        suite.run(random.nextInt(10, 1_000));
        suite.own(SimSuite.FIELD, ServerKey.RESERVE);
        suite.run(SETTLED_MILLIS);
        boolean giverHasIt = has(suite, givers, gift);
        boolean takerHasIt = has(suite, takers, gift);
        if (giverHasIt && takerHasIt) {
            return End.BOTH;
        }
        return giverHasIt ? End.GIVER : takerHasIt ? End.TAKER : End.NOBODY;
    }

    private static boolean has(SimSuite suite, int character, long item) {
        return suite.database.inventory(character).stream().anyMatch(each -> each.uniqueId() == item);
    }
}
