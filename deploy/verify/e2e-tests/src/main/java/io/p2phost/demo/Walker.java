package io.p2phost.demo;

import io.p2phost.demo.StandInMain.Stored;
import io.p2phost.ro.sim.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A player of the soak: hunts, walks through portals, and goes on whatever happens. It notes when his connection ended,
 * and when a map-server told him less than was stored of him before it let him in.
 */
final class Walker {
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration WALK = Duration.ofSeconds(5);
    private static final Duration TO_LOGIN = Duration.ofSeconds(3);
    /** For the list of what he carries to arrive. */
    private static final Duration TOLD = Duration.ofSeconds(3);

    private static final int JELLOPY = 909;
    private static final int FEWEST_SECONDS = 8;
    private static final int SPREAD_SECONDS = 20;

    private final Player player;
    private final DemoWorld world;
    private final Random random;
    private final Consumer<String> faults;
    private boolean inGame;
    private Instant next = Instant.EPOCH;
    private Instant turn = Instant.EPOCH;
    private @Nullable String goal;
    private String from = "";
    private boolean step;
    private int entries;
    private Instant entered = Instant.EPOCH;
    private @Nullable Stored atEntry;
    private @Nullable Stored stored;
    private String told = "";
    private int portals;
    private int closed;

    /** @param faults is told what must not be */
    Walker(Player player, DemoWorld world, long seed, Consumer<String> faults) {
        this.player = player;
        this.world = world;
        this.random = new Random(seed);
        this.faults = faults;
    }

    Player player() {
        return player;
    }

    /** How often he went from one map to another. */
    synchronized int portals() {
        return portals;
    }

    /** How often his connection ended that should not have. */
    synchronized int closed() {
        return closed;
    }

    synchronized boolean inGame() {
        return inGame && player.playing();
    }

    /** Where he was last, for who asks why his connection ended. */
    synchronized String lastSigns(Instant now) {
        return "on " + player.at().map() + ", let in "
                + Duration.between(entered, now).toSeconds() + " s ago, last heard "
                + player.heardHimselfAt()
                        .map(at -> Duration.between(at, now).toSeconds() + " s ago")
                        .orElse("never");
    }

    /** What the game's database has of him now. */
    synchronized void stored(Stored now) {
        Stored before = stored;
        if (before != null && !now.isAtLeast(before)) {
            faults.accept("lost: " + player.name() + " had " + before.inWords() + " in the game's database, then "
                    + now.inWords());
        }
        stored = now;
    }

    /** One more moment of his. True when his connection ended since the last, that ended by no wish of his. */
    synchronized boolean live(Instant now) {
        if (!inGame) {
            if (!now.isBefore(next)) {
                next = now.plus(TO_LOGIN);
                inGame = player.login();
                entries = player.entries();
            } else {
                inGame = player.playing() && player.login();
            }
            return false;
        }
        Optional<String> trouble = player.trouble();
        if (player.away()
                || trouble.filter(words -> words.contains(" logged in ")).isPresent()) {
            inGame = false;
            closed++;
            next = now;
            return true;
        }
        trouble.filter(words -> !words.equals(told)).ifPresent(words -> {
            told = words;
            faults.accept(words);
        });
        if (player.playing()) {
            look(now);
            play(now);
        }
        return false;
    }

    private void look(Instant now) {
        int count = player.entries();
        if (count != entries) {
            entries = count;
            entered = now;
            atEntry = stored;
        }
        Stored least = atEntry;
        if (least != null && now.isAfter(entered.plus(TOLD))) {
            atEntry = null;
            int jellopies = least.items().getOrDefault(JELLOPY, 0);
            if (player.carries(JELLOPY) < jellopies) {
                faults.accept("lost: " + player.name() + " was told of " + player.carries(JELLOPY) + " jellopies at "
                        + player.server() + ", before which " + jellopies + " were stored");
            }
        }
    }

    private void play(Instant now) {
        String map = player.at().map();
        if (goal != null && !map.equals(from)) {
            portals++;
            goal = null;
            turn = now.plusSeconds(FEWEST_SECONDS + random.nextInt(SPREAD_SECONDS));
        } else if (goal == null && now.isAfter(turn)) {
            goal = neighbour(map);
            from = map;
            step = true;
        }
        if (now.isBefore(next)) {
            return;
        }
        String to = goal;
        if (to != null) {
            walk(map, to);
            next = now.plus(WALK);
        } else {
            hunt();
            next = now.plus(AGAIN);
        }
    }

    private String neighbour(String map) {
        int here = world.maps().indexOf(map);
        int last = world.maps().size() - 1;
        int other = here <= 0 ? 1 : here == last ? last - 1 : here + (random.nextInt(3) == 0 ? -1 : 1);
        return world.maps().get(other);
    }

    /** One that lets nobody through yet is stepped off and on again. */
    private void walk(String map, String to) {
        Point next = step ? world.portal(map, to) : world.beside(map, to);
        player.walkTo(next.x(), next.y());
        step = !step;
    }

    private void hunt() {
        player.say("here");
        if (!player.takesAllBeside()) {
            return;
        }
        Optional<Map.Entry<Integer, Point>> prey = player.prey();
        if (prey.isEmpty()) {
            return;
        }
        Point cell = prey.get().getValue();
        Point at = player.at();
        if (Math.abs(at.x() - cell.x()) <= 1 && Math.abs(at.y() - cell.y()) <= 1) {
            player.attack(prey.get().getKey());
        } else {
            player.walkTo(cell.x(), cell.y());
        }
    }
}
