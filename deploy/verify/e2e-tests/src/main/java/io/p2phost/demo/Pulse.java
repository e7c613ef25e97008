package io.p2phost.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Players who say something again and again, and how long their own words take to come back to them. */
final class Pulse implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(250);

    private final List<Player> players;
    private final Map<Player, Instant> waiting = new HashMap<>();
    private final List<Beat> beats = new ArrayList<>();
    private final Thread thread;
    private volatile boolean over;

    /** Words that were said then. */
    private record Beat(Instant at, double millis) {}

    Pulse(List<Player> players) {
        this.players = List.copyOf(players);
        thread = Thread.ofPlatform().daemon().name("pulse").start(this::run);
    }

    private void run() {
        try {
            while (!over) {
                players.forEach(this::beat);
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void beat(Player player) {
        Instant said = waiting.get(player);
        if (said != null) {
            Optional<Instant> heard = player.heardHimselfAt().filter(at -> at.isAfter(said));
            if (heard.isEmpty()) {
                return;
            }
            beats.add(new Beat(said, millis(said, heard.get())));
        }
        waiting.put(player, Instant.now());
        player.say("here");
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    /** The round trips of what was said since then, in ms; those that are not over count as what they took so far. */
    synchronized List<Double> since(Instant start) {
        List<Double> trips = new ArrayList<>(beats.stream()
                .filter(beat -> beat.at().isAfter(start))
                .map(Beat::millis)
                .toList());
        Instant now = Instant.now();
        waiting.values().stream()
                .filter(at -> at.isAfter(start) && millis(at, now) > EVERY.toMillis() * 2)
                .forEach(at -> trips.add(millis(at, now)));
        return trips;
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join();
    }
}
