package io.p2phost.dbproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.SimSuite.Hosted;
import io.p2phost.dbproxy.mux.SimSuite.Plant;
import io.p2phost.ro.sim.Item;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Something is traded, sold, stored, mailed or taken out of a cart, who gets it often leaves, and the host's process is
 * killed at a moment by chance.
 */
class StoreStoriesTest {
    private static final int EVERYDAY = 50;
    private static final int DEEP = 1_000;
    private static final int SETTLED_MILLIS = 60_000;
    /** By then everybody has been saved. */
    private static final int SAVED_MILLIS = 12_000;

    private static final int PRICE = 100;
    private static final int WEALTH = 10_000;
    private static final int POTION = 656;

    /** How the thing leaves who has it. */
    enum Way {
        TRADE,
        VENDING,
        STORAGE,
        MAIL,
        CART
    }

    /** Who has it in the end. */
    private enum End {
        GIVER,
        STORED,
        TAKER,
        NOBODY,
        BOTH,
        /** Some other thing is there twice or gone, or the money does not fit. */
        TORN
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsThereTwice(Way way) {
        play(way, EVERYDAY);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("deep")
    void nothingIsThereTwiceInAThousandStories(Way way) {
        play(way, DEEP);
    }

    @Test
    void withoutTheRulesForCartsItIs() {
        assertThat(ends(Way.CART, EVERYDAY, false)).containsKey(End.BOTH);
    }

    private static void play(Way way, int count) {
        Map<End, List<Long>> ends = ends(way, count, true);
        Map<End, Integer> counts = new EnumMap<>(End.class);
        ends.forEach((end, seeds) -> counts.put(end, seeds.size()));
        assertThat(ends).as("how stories ended: %s", counts).doesNotContainKeys(End.BOTH, End.TORN);
        if (way != Way.CART) {
            assertThat(ends).as("how stories ended: %s", counts).doesNotContainKey(End.NOBODY);
        }
    }

    private static Map<End, List<Long>> ends(Way way, int count, boolean carts) {
        Map<End, List<Long>> ends = new EnumMap<>(End.class);
        for (long seed = 1; seed <= count; seed++) {
            Story story = new Story(way, seed);
            if (!carts) {
                story.suite.relay.watchesNoCarts();
            }
            ends.computeIfAbsent(story.play(), any -> new ArrayList<>()).add(seed);
        }
        return ends;
    }

    private static final class Story {
        private final Way way;
        private final SplittableRandom random;
        private final SimSuite suite;
        private final Hosted host;
        private final SimClient giver;
        private final SimClient taker;
        private final int givers;
        private final int takers;
        private final long gift;

        Story(Way way, long seed) {
            this.way = way;
            random = new SplittableRandom(seed);
            suite = new SimSuite(seed, Plant.NONE, WEALTH);
            host = suite.owner(SimSuite.FIELD);
            Point place = new Point(SimSuite.FIELD.value(), 100, 100);
            giver = suite.client("giver", 0, place);
            taker = suite.client("taker", 0, place);
            givers = suite.database.characterIds().getFirst();
            takers = suite.database.characterIds().getLast();
            suite.database.createCharacter(suite.database.status(givers).accountId(), "Other", 1, 0, place);
            suite.database.give(givers, POTION, 10);
            suite.database.zeny(givers, WEALTH);
            gift = suite.database.inventory(givers).stream()
                    .filter(item -> item.nameId() == SimSuite.KEEPSAKE)
                    .findFirst()
                    .orElseThrow()
                    .uniqueId();
        }

        End play() {
            suite.play(giver);
            suite.play(taker);
            if (way == Way.VENDING || way == Way.CART) {
                giver.toCart(giver.slotOf(SimSuite.KEEPSAKE), 1);
            }
            suite.run(SAVED_MILLIS + random.nextInt(10_000));
            Map<Integer, Long> before = items();
            long zeny = zeny();
            int taken = suite.database.status(takers).zeny();
            boolean drops = random.nextInt(3) == 0;
            if (drops) {
                // So that he is saved in the midst of it.
                giver.drop(giver.slotOf(POTION), 1);
                moment();
            }
            act();
            if (drops && random.nextBoolean()) {
                taker.floor().forEach(taker::pickUp);
            }
            moment();
            leave(random.nextBoolean() ? giver : taker);
            moment();
            suite.run(random.nextInt(4) == 0 ? random.nextInt(8_000) : 0);
            suite.kill(host.server());
            suite.run(random.nextInt(10, 1_000));
            suite.own(SimSuite.FIELD, ServerKey.RESERVE);
            suite.run(SETTLED_MILLIS);
            return end(before, zeny, suite.database.status(takers).zeny() - taken);
        }

        private void act() {
            switch (way) {
                case TRADE -> trade();
                case VENDING -> sell();
                case STORAGE -> store();
                case MAIL -> giver.mail("Taker", giver.slotOf(SimSuite.KEEPSAKE), 1, PRICE);
                case CART -> carry();
            }
        }

        private void trade() {
            giver.askToTrade(taker.accountId());
            suite.run(200);
            taker.acceptTrade();
            suite.run(200);
            giver.offer(giver.slotOf(SimSuite.KEEPSAKE), 1);
            taker.offerZeny(PRICE);
            giver.concludeTrade();
            taker.concludeTrade();
            suite.run(random.nextInt(100, 300));
            giver.commitTrade();
            moment();
            taker.commitTrade();
        }

        private void sell() {
            giver.openShop(0, 1, PRICE);
            suite.run(random.nextInt(200, 400));
            taker.lookAtShop(giver.accountId());
            suite.run(200);
            taker.buy(0, 1);
        }

        private void store() {
            open(giver);
            rummage();
            if (random.nextInt(3) == 0) {
                giver.quit();
                suite.run(random.nextInt(1_000));
                giver.play(random.nextInt(2));
                suite.run(random.nextInt(1_000, 4_000));
                open(giver);
                giver.fromStorage(0, 1);
                rummage();
            }
        }

        private void rummage() {
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        int slot = giver.slotOf(SimSuite.KEEPSAKE);
                        if (slot < 0) {
                            giver.fromStorage(0, 1);
                        } else {
                            giver.toStorage(slot, 1);
                        }
                    }
                    case 2 -> giver.closeStorage();
                    default -> open(giver);
                }
                moment();
            }
        }

        private void open(SimClient client) {
            client.say("@storage");
            suite.run(random.nextInt(50, 150));
        }

        private void carry() {
            giver.fromCart(0, 1);
            suite.run(100);
            if (random.nextInt(4) == 0) {
                taker.drop(taker.slotOf(SimSuite.KEEPSAKE), 1);
                moment();
                giver.floor().forEach(giver::pickUp);
                return;
            }
            suite.run(random.nextInt(4) == 0 ? random.nextInt(12_000) : random.nextInt(14_500, 17_000));
            giver.drop(giver.slotOf(SimSuite.KEEPSAKE), 1);
            suite.run(random.nextInt(20, 300));
            taker.floor().forEach(taker::pickUp);
        }

        /** Of a packet, of a few, or of a player. */
        private void moment() {
            suite.run(random.nextInt(
                    switch (random.nextInt(3)) {
                        case 0 -> 12;
                        case 1 -> 60;
                        default -> 400;
                    }));
        }

        private void leave(SimClient client) {
            // Nothing comes back to who leaves before a map-server has been told that his mail is refused.
            boolean waits = way == Way.MAIL && client == giver && giver.lastMailResult() < 0;
            switch (waits ? 2 : random.nextInt(3)) {
                case 0 -> client.quit();
                case 1 -> client.toCharacterScreen();
                default -> {
                    // He stays.
                }
            }
        }

        private End end(Map<Integer, Long> before, long zeny, int paid) {
            long given = count(suite.database.inventory(givers)) + count(suite.database.cart(givers));
            long stored = 0;
            for (int character : suite.database.characterIds()) {
                int account = suite.database.status(character).accountId();
                if (character != givers && character != takers) {
                    given += count(suite.database.inventory(character));
                    stored += count(suite.database.storage(account));
                }
            }
            long taken = count(suite.database.inventory(takers));
            if (given + stored + taken > 1) {
                return End.BOTH;
            }
            if (isTorn(before, zeny) || (paid != 0) != (taken > 0 && way != Way.CART)) {
                return End.TORN;
            }
            return given > 0 ? End.GIVER : stored > 0 ? End.STORED : taken > 0 ? End.TAKER : End.NOBODY;
        }

        /** What was dropped may be lost with the server. */
        private boolean isTorn(Map<Integer, Long> before, long zeny) {
            Map<Integer, Long> after = items();
            boolean more = after.entrySet().stream()
                    .anyMatch(each -> each.getValue() > before.getOrDefault(each.getKey(), 0L));
            boolean less = before.entrySet().stream()
                    .anyMatch(each -> each.getKey() != SimSuite.KEEPSAKE
                            && each.getKey() != POTION
                            && after.getOrDefault(each.getKey(), 0L) < each.getValue());
            return more || less || zeny() != zeny;
        }

        private Map<Integer, Long> items() {
            Map<Integer, Long> items = new TreeMap<>();
            for (int character : suite.database.characterIds()) {
                suite.database
                        .inventory(character)
                        .forEach(item -> items.put(item.nameId(), suite.database.total(item.nameId())));
            }
            items.put(SimSuite.KEEPSAKE, suite.database.total(SimSuite.KEEPSAKE));
            return items;
        }

        private long zeny() {
            return suite.database.characterIds().stream()
                    .mapToLong(character -> suite.database.status(character).zeny())
                    .sum();
        }

        private long count(List<Item> items) {
            return items.stream().filter(item -> item.uniqueId() == gift).count();
        }
    }
}
