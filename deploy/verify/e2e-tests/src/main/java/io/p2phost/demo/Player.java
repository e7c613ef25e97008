package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimClientTcp;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A player and his client, over real connections. The client logs in when it is told to and never by itself: who was
 * once thrown out of the game stays out, and {@link #trouble()} says so.
 */
final class Player implements AutoCloseable {
    private static final int SLOT = 0;
    private static final int REACH = 2;

    private final String name;
    private final int character;
    private final SimClientTcp client;
    /** Entries to map-servers that were not ordered by one; more of them later means that he was out of the game. */
    private int logins;

    Player(String name, int character, Endpoint loginServer) {
        this.name = name;
        this.character = character;
        this.client = new SimClientTcp(loginServer, name, StandInMain.PASSWORD);
    }

    String name() {
        return name;
    }

    /** His character's id. */
    int character() {
        return character;
    }

    /** Logs in with his first character, unless he is under way already; true when he is in the game. */
    boolean login() {
        return client.ask(each -> {
            if (each.phase() == SimClient.Phase.AWAY) {
                each.play(SLOT);
            }
            logins = each.entries() - each.serverMoves();
            return each.playing();
        });
    }

    boolean playing() {
        return client.ask(SimClient::playing);
    }

    /** How often a map-server let him in. */
    int entries() {
        return client.ask(SimClient::entries);
    }

    /** Whether he is out of the game, at the title screen. */
    boolean away() {
        return client.ask(each -> each.phase() == SimClient.Phase.AWAY);
    }

    /** Where he stands, in words. */
    String state() {
        return client.ask(each -> name + " " + each.phase() + " at " + each.mapServer() + ", last sent away for "
                + each.lastBan() + ", faults " + each.faults());
    }

    /** When he was last told which map he is on, if he plays now. */
    Optional<Instant> arrivedAt() {
        return client.ask(each -> each.playing() ? Optional.ofNullable(each.arrivedAt()) : Optional.empty());
    }

    /** Ends his client's connection, as a player's own line does. */
    void drop() {
        client.tell(SimClient::drop);
    }

    /** When his own words last came back to him. */
    Optional<Instant> heardHimselfAt() {
        return Optional.ofNullable(client.ask(SimClient::heardItselfAt));
    }

    /** The map-server that his client was sent to last. */
    String server() {
        return String.valueOf(client.ask(SimClient::mapServer));
    }

    /** What happened to him that should not have; empty while he has been in the game all the time. */
    Optional<String> trouble() {
        return client.ask(each -> {
            if (each.phase() == SimClient.Phase.AWAY) {
                return Optional.of(name + " is out of the game (reason " + each.lastBan() + ")");
            }
            if (!each.faults().isEmpty()) {
                return Optional.of(name + "'s client: " + each.faults());
            }
            int entered = each.entries() - each.serverMoves();
            return each.playing() && entered != logins
                    ? Optional.of(name + " logged in " + entered + " times (expected: " + logins + ")")
                    : Optional.empty();
        });
    }

    long experience() {
        return client.ask(SimClient::baseExp);
    }

    /** How many of this kind he carries, as his client was told. */
    int carries(int kind) {
        return client.ask(each -> each.carries(kind));
    }

    void walkTo(int x, int y) {
        client.tell(each -> each.walkTo(x, y));
    }

    Point at() {
        return client.ask(SimClient::at);
    }

    void say(String words) {
        client.tell(each -> each.say(words));
    }

    boolean heard(String words) {
        return client.ask(each -> each.chat().stream().anyMatch(line -> line.endsWith(" : " + words)));
    }

    /** The nearest monster that can be walked to without stepping on a portal. */
    Optional<Map.Entry<Integer, Point>> prey() {
        return client.ask(each -> each.monsters().entrySet().stream()
                .filter(monster -> !DemoWorld.isNearPortal(monster.getValue()))
                .min(Comparator.comparingInt(monster -> distance(monster.getValue(), each.at()))));
    }

    private static int distance(Point a, Point b) {
        return Math.max(Math.abs(a.x() - b.x()), Math.abs(a.y() - b.y()));
    }

    /** One step of a trade, as far as it can be taken now; to be repeated until it is done. */
    void trades(Player other, int kind, int price) throws InterruptedException {
        int buyer = other.client.ask(SimClient::accountId);
        client.tell(each -> each.askToTrade(buyer));
        hear();
        other.client.tell(SimClient::acceptTrade);
        hear();
        client.tell(each -> each.offer(each.slotOf(kind), 1));
        other.client.tell(each -> each.offerZeny(price));
        hear();
        for (Player side : List.of(this, other)) {
            side.client.tell(SimClient::concludeTrade);
        }
        hear();
        for (Player side : List.of(this, other)) {
            side.client.tell(SimClient::commitTrade);
        }
        hear();
    }

    /** For the map-server to take what was sent: nothing that a client shows tells it. */
    private static void hear() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(100);
    }

    int account() {
        return client.ask(SimClient::accountId);
    }

    int zeny() {
        return client.ask(SimClient::zeny);
    }

    void attack(int monster) {
        client.tell(each -> each.attack(monster));
    }

    /** Picks up what lies beside him; true when nothing is left. */
    boolean takesAllBeside() {
        return client.ask(each -> {
            List<Integer> beside = each.floor().stream()
                    .filter(item -> {
                        int[] cell = each.cellOf(item);
                        return cell != null && distance(new Point("", cell[0], cell[1]), each.at()) <= REACH;
                    })
                    .toList();
            beside.forEach(each::pickUp);
            return beside.isEmpty();
        });
    }

    void quit() {
        client.tell(SimClient::quit);
    }

    @Override
    public void close() {
        client.close();
    }
}
