package io.p2phost.dbproxy.suite;

import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimClientTcp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Players who go on whatever happens: each walks to and fro, and whispers to the next, which leads through the multiplexer
 * where the next is on another map-server. How long they wait for an answer is measured.
 */
final class Bystanders implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration AGAIN = Duration.ofSeconds(3);

    private final List<Bystander> all = new ArrayList<>();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    /** A player and his character's name. */
    record Named(SimClientTcp client, String name) {}

    Bystanders(List<Named> players) {
        for (int i = 0; i < players.size(); i++) {
            all.add(new Bystander(players.get(i), players.get((i + 1) % players.size()).name));
        }
        executor.scheduleWithFixedDelay(() -> all.forEach(Bystander::look), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The longest that one of them has waited since this was asked last, or waits now. */
    Duration longestWait() {
        return all.stream().map(Bystander::longest).max(Duration::compareTo).orElseThrow();
    }

    /** How many answers each has had, the least of all. */
    int answers() {
        return all.stream().mapToInt(Bystander::answers).min().orElseThrow();
    }

    List<SimClientTcp> clients() {
        return all.stream().map(each -> each.client).toList();
    }

    private static final class Bystander {
        private final SimClientTcp client;
        private final String friend;
        private final int home;
        private long askedAt;
        private long toldAt;
        private int target;
        private boolean waits;
        private long longest;
        private int answers;

        Bystander(Named who, String friend) {
            this.client = who.client;
            this.friend = friend;
            this.home = client.ask(SimClient::at).x();
            this.target = home;
        }

        synchronized void look() {
            Point at = client.ask(SimClient::at);
            boolean answered = at.x() == target && client.ask(SimClient::lastWhisperResult) == 0;
            long now = System.nanoTime();
            if (waits) {
                longest = Math.max(longest, now - askedAt);
            }
            if (answered && waits) {
                answers++;
            }
            if (answered || !waits) {
                askedAt = now;
                waits = true;
                target = target == home ? home + 2 : home;
            }
            // What was asked before db-proxy died is answered by nobody.
            if (askedAt == now || now - toldAt > AGAIN.toNanos()) {
                toldAt = now;
                int x = target;
                client.tell(each -> {
                    each.walkTo(x, at.y());
                    each.whisper(friend, "there?");
                });
            }
        }

        synchronized Duration longest() {
            Duration wait = Duration.ofNanos(longest);
            longest = 0;
            return wait;
        }

        synchronized int answers() {
            return answers;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
