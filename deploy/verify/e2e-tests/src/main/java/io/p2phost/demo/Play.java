package io.p2phost.demo;

import io.p2phost.ro.sim.Point;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What players do in the game, each until it is done or the step's deadline passes. Trouble of any of them ends the story. */
final class Play {
    /** A map-server's word is there within a moment; a figure in milliseconds needs a closer look. */
    private static final Duration LOOK = Duration.ofMillis(5);

    /** Longer than the longest walk on a map of the demo takes. */
    private static final Duration WALK = Duration.ofSeconds(5);

    private final Story story;
    private final Ways ways;

    Play(Story story, Ways ways) {
        this.story = story;
        this.ways = ways;
    }

    /** From the login screen into the game. */
    void login(Player player) throws InterruptedException {
        story.until(
                player.name() + " in the game",
                () -> player.login() ? Story.Seen.done(true) : Story.Seen.notYet(player.state()));
    }

    /** Until that server has all of them and all play, never having been out of the game. */
    void areOn(String server, List<Player> players, BooleanSupplier has) throws InterruptedException {
        until(players.stream().map(Player::name).toList() + " on " + server, () -> {
            check(players);
            return has.getAsBoolean() && players.stream().allMatch(Player::playing);
        });
        check(players);
    }

    /** Nobody was ever sent back to the login screen, and no client was told what it should not be told. */
    static void check(List<Player> players) {
        for (Player player : players) {
            player.trouble().ifPresent(trouble -> {
                throw new IllegalStateException(trouble);
            });
        }
    }

    /** Nanoseconds from {@code since} until all of them were let in anew and have loaded the map. */
    long letInAgain(Map<Player, Integer> entriesBefore, long since) throws InterruptedException {
        return story.until("all players to be let in again", LOOK, () -> {
            check(List.copyOf(entriesBefore.keySet()));
            for (Map.Entry<Player, Integer> each : entriesBefore.entrySet()) {
                if (each.getKey().entries() <= each.getValue() || !each.getKey().playing()) {
                    return Story.Seen.notYet(each.getKey().name() + " waits");
                }
            }
            return Story.Seen.done(System.nanoTime() - since);
        });
    }

    /** Kills the nearest monster and takes what it leaves. */
    void hunt(Player player) throws InterruptedException {
        Map.Entry<Integer, Point> prey = story.until(
                "a monster", () -> player.prey().map(Story.Seen::done).orElseGet(() -> Story.Seen.notYet("none")));
        Point cell = prey.getValue();
        player.walkTo(cell.x(), cell.y());
        until(player.name() + " beside the monster", () -> {
            Point at = player.at();
            return at.x() == cell.x() && at.y() == cell.y();
        });
        long before = player.experience();
        Again attack = new Again();
        until("the monster dead", () -> {
            // Each attack begins with the walk to it: not too often, or he never arrives.
            if (attack.isDue()) {
                player.attack(prey.getKey());
            }
            return player.experience() != before;
        });
        until("its loot taken", player::takesAllBeside);
    }

    /** Says it until the other hears it: who still loads a map is not heard, and hears nothing. */
    void talk(Player speaker, Player listener, String words) throws InterruptedException {
        until(listener.name() + " to hear " + speaker.name(), () -> {
            speaker.say(words);
            return listener.heard(words);
        });
    }

    /** One of this kind for so much money, side by side. */
    void trade(Player seller, Player buyer, int kind, int price) throws InterruptedException {
        int before = buyer.carries(kind);
        until(buyer.name() + " to have bought it", () -> {
            Point at = buyer.at();
            seller.walkTo(at.x(), at.y());
            try {
                seller.trades(buyer, kind, price);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DemoFailure("interrupted", e);
            }
            return buyer.carries(kind) > before;
        });
    }

    /** Through the portal; one that lets nobody through yet is stepped off and on again. */
    void walkThrough(Player player, String from, String to, BooleanSupplier arrived) throws InterruptedException {
        Point portal = ways.portal(from, to);
        Point off = ways.beside(from, to);
        Again step = new Again();
        boolean[] toPortal = {true};
        until(player.name() + " in " + to, () -> {
            check(List.of(player));
            if (arrived.getAsBoolean() && player.playing()) {
                return true;
            }
            if (player.playing() && step.isDue()) {
                Point next = toPortal[0] ? portal : off;
                player.walkTo(next.x(), next.y());
                toPortal[0] = !toPortal[0];
            }
            return false;
        });
    }

    /** Says when it is time to do something once more. */
    private static final class Again {
        private long due = System.nanoTime();

        boolean isDue() {
            boolean now = System.nanoTime() - due >= 0;
            if (now) {
                due = System.nanoTime() + WALK.toNanos();
            }
            return now;
        }
    }

    private void until(String what, BooleanSupplier done) throws InterruptedException {
        story.until(what, () -> done.getAsBoolean() ? Story.Seen.done(true) : Story.Seen.notYet("not yet"));
    }
}
