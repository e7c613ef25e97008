package io.p2phost.dbproxy.suite;

import static io.p2phost.dbproxy.suite.TcpSuite.FIELD;
import static io.p2phost.dbproxy.suite.TcpSuite.LAST;
import static io.p2phost.dbproxy.suite.TcpSuite.NEXT;
import static io.p2phost.dbproxy.suite.TcpSuite.on;
import static io.p2phost.dbproxy.suite.TcpSuite.until;
import static io.p2phost.dbproxy.suite.TcpSuite.walkThrough;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.Topics;
import io.p2phost.dbproxy.suite.TcpSuite.Hosted;
import io.p2phost.dbproxy.suite.TestRelay.Form;
import io.p2phost.ro.sim.Item;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimClientTcp;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.SimMapServerTcp;
import io.p2phost.ro.sim.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole of db-proxy in play, over sockets only: whatever dies, nobody is back at the login screen, and what players
 * own in the end is what they had.
 */
class SuiteOverTcpIT {
    /** A map that nobody has. */
    private static final String NEW = "prt_fild04";

    private static final String OBSERVED = "p2p_dbproxy_observations_total{result=\"published\"}";
    private static final int KNIFE = 1201;
    private static final List<Integer> KINDS = List.of(909, KNIFE, 1202, 2301);
    private static TcpSuite suite;
    private static int names;

    /** Whoever plays in a test. */
    private final List<SimClientTcp> players = new ArrayList<>();

    private Hosted field;
    private Hosted next;
    private SimClientTcp alice;
    private SimClientTcp bob;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        suite = TcpSuite.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (suite != null) {
            suite.close();
        }
    }

    /** Two hosts, and a player on each. */
    @BeforeEach
    void play() throws Exception {
        suite.relay.move(Form.SERVER_MOVE);
        field = suite.owner(FIELD, false);
        next = suite.owner(NEXT, false);
        alice = player(new Point(FIELD, 193, 92));
        bob = player(new Point(NEXT, 20, 100));
        until("alice on her host", () -> field.plays(alice));
        until("bob on his host", () -> next.plays(bob));
    }

    private SimClientTcp player(Point start) {
        SimClientTcp player = suite.player("player" + ++names, start);
        players.add(player);
        return player;
    }

    /** Everybody is still in, leaves, and what he owned is stored. */
    @AfterEach
    void leave() throws Exception {
        try {
            for (SimClientTcp player : players) {
                assertThat(player.ask(SimClient::faults)).isEmpty();
                assertThat(player.ask(SimClient::playing)).isTrue();
            }
            players.forEach(SuiteOverTcpIT::leave);
            assertThat(suite.relay.faults()).isEmpty();
        } finally {
            players.forEach(SimClientTcp::close);
            suite.revive();
        }
    }

    private static void leave(SimClientTcp player) {
        int character = player.ask(SimClient::charId);
        long gained = player.ask(SimClient::baseExp);
        List<Integer> carried = carried(player);
        player.tell(SimClient::quit);
        until("stored", () -> !suite.stored(database -> database.online(character)));
        Status status = suite.stored(database -> database.status(character));
        assertThat(status.baseExp()).isEqualTo(gained);
        assertThat(status.zeny()).isEqualTo(1_000);
        assertThat(stored(character)).isEqualTo(carried);
    }

    /** Kinds of what he carries, as his client was told. */
    private static List<Integer> carried(SimClientTcp player) {
        return player.ask(client ->
                KINDS.stream().filter(kind -> client.carries(kind) > 0).toList());
    }

    private static List<Integer> stored(int character) {
        return suite.stored(database -> database.inventory(character).stream()
                .map(Item::nameId)
                .sorted()
                .distinct()
                .toList());
    }

    /** The Poring beside the place where alice begins; it leaves something. */
    private static void kill(SimClientTcp client) {
        long before = client.ask(SimClient::baseExp);
        until("killed", () -> {
            client.tell(each -> each.monsters().entrySet().stream()
                    .filter(monster -> Math.abs(monster.getValue().x() - 195) <= 1)
                    .forEach(monster -> each.attack(monster.getKey())));
            return client.ask(SimClient::baseExp) > before;
        });
    }

    private static void talks(SimClientTcp client, String words) {
        // Who is still loading is not heard.
        until("heard", () -> {
            client.tell(each -> each.say(words));
            return client.ask(SimClient::chat).stream().anyMatch(line -> line.endsWith(" : " + words));
        });
    }

    /** What the char-server has of him is what his map-server has. */
    private static void save(SimMapServerTcp server, SimClientTcp client) {
        int account = client.ask(SimClient::accountId);
        int character = client.ask(SimClient::charId);
        server.ask(map -> {
            map.saveNow(account);
            return true;
        });
        long gained = client.ask(SimClient::baseExp);
        List<Integer> carried = carried(client);
        until(
                "saved",
                () -> suite.stored(database -> database.status(character).baseExp()) == gained
                        && stored(character).equals(carried));
    }

    private static long experience(SimMapServerTcp server, SimClientTcp client) {
        int account = client.ask(SimClient::accountId);
        return server.ask(map -> map.status(account).baseExp());
    }

    private static boolean online(SimClientTcp client) {
        int character = client.ask(SimClient::charId);
        return suite.stored(database -> database.online(character));
    }

    @Test
    void lootIsStored() {
        kill(alice);
        List<Integer> before = carried(alice);
        until("picked up", () -> {
            alice.tell(client -> client.floor().forEach(client::pickUp));
            return carried(alice).size() > before.size();
        });
        save(field.server(), alice);

        assertThat(stored(alice.ask(SimClient::charId))).isEqualTo(carried(alice));
    }

    @Test
    void portalsBetweenHostsAndToCoreAndBack() {
        walkThrough(alice, 197, next.server());
        talks(alice, "among hosts");
        until(
                "heard by the other",
                () -> bob.ask(SimClient::chat).stream().anyMatch(line -> line.endsWith(" : among hosts")));
        walkThrough(alice, 2, field.server());
        assertThat(alice.ask(SimClient::serverMoves)).isEqualTo(2);

        SimClientTcp carol = player(new Point(FIELD, 10, 100));
        walkThrough(carol, 2, suite.core);
        assertThat(online(carol)).isTrue();
        talks(carol, "in the city");
        walkThrough(carol, 197, field.server());
        talks(carol, "back");
        assertThat(carol.ask(SimClient::serverMoves)).isEqualTo(2);
    }

    @Test
    void toTheCharacterScreenAndBack() {
        alice.tell(SimClient::toCharacterScreen);
        until("let go", () -> !alice.ask(SimClient::playing) && !field.plays(alice));
        alice.tell(SimClient::selectAgain);
        until("character list", () -> alice.ask(SimClient::playing) && field.plays(alice));
        talks(alice, "again");
    }

    @Test
    void hostIsKilledAndItsPlayersGoOnAtTheNext() throws Exception {
        kill(alice);
        save(field.server(), alice);
        long gained = alice.ask(SimClient::baseExp);

        field.kill();
        Hosted replacement = suite.owner(FIELD, false);

        until("on the next owner", () -> on(replacement.server(), alice));
        assertThat(experience(replacement.server(), alice)).isEqualTo(gained);
        assertThat(alice.ask(SimClient::serverMoves))
                .as("over the reserve, as nobody stood by")
                .isEqualTo(2);
        assertThat(online(alice)).isTrue();
        talks(alice, "still here");
    }

    @Test
    void hostIsKilledAndItsPlayersConnectionStays() throws Exception {
        suite.relay.move(Form.SPLICE);
        kill(alice);
        save(field.server(), alice);
        long gained = alice.ask(SimClient::baseExp);

        field.kill();
        Hosted replacement = suite.owner(FIELD, false);

        until("on the next owner", () -> on(replacement.server(), alice));
        assertThat(experience(replacement.server(), alice)).isEqualTo(gained);
        assertThat(alice.ask(SimClient::serverMoves)).isZero();
        talks(alice, "still here");
        walkThrough(alice, 197, next.server());
    }

    @Test
    void hostIsKilledAndTheReserveTakesOver() throws Exception {
        kill(alice);
        save(field.server(), alice);

        field.kill();
        suite.toReserve(FIELD);

        until("on the reserve", () -> on(suite.reserve, alice));
        assertThat(experience(suite.reserve, alice)).isPositive();
        talks(alice, "still here");
    }

    @Test
    void hostsAreKilledWhileAssignmentIsAwayAndTheirPlayersGoOn() throws Exception {
        Hosted standby = suite.standby(FIELD);
        suite.assignment.fault(AssignmentStandIn.Fault.UNAVAILABLE);
        try {
            kill(alice);
            save(field.server(), alice);
            long gained = alice.ask(SimClient::baseExp);
            field.kill();
            next.kill();

            until("on the one that stood by", () -> on(standby.server(), alice));
            until("on the reserve, as nobody stood by", () -> on(suite.reserve, bob));
            assertThat(experience(standby.server(), alice)).isEqualTo(gained);
            talks(alice, "still here");
            walkThrough(alice, 197, suite.reserve);
        } finally {
            suite.assignment.fault(AssignmentStandIn.Fault.NONE);
        }
    }

    @Test
    void mapThatGoesFromTheReserveToItsStandbyTakesItsPlayersAlong() throws Exception {
        Hosted standby = suite.standby(FIELD);
        suite.toReserve(FIELD);
        until("on the reserve", () -> on(suite.reserve, alice));
        suite.toHost(FIELD, standby);
        until("on the one that stood by", () -> on(standby.server(), alice));
        talks(alice, "still here");
        SimClientTcp carol = player(new Point(FIELD, 100, 100));
        until("a newcomer too", () -> on(standby.server(), carol));
    }

    @Test
    void plannedMoveLosesNothing() throws Exception {
        kill(alice);
        long gained = alice.ask(SimClient::baseExp);

        Hosted replacement = suite.owner(FIELD, true);

        until("on the next owner", () -> on(replacement.server(), alice));
        assertThat(experience(replacement.server(), alice))
                .as("not saved before")
                .isEqualTo(gained);
        talks(alice, "moved");
    }

    @Test
    void mapWithoutHostIsPlayedOnTheReserveUntilOneComes() throws Exception {
        suite.toReserve(LAST);
        SimClientTcp carol = player(new Point(LAST, 50, 50));
        until("on the reserve", () -> on(suite.reserve, carol));

        Hosted host = suite.owner(LAST, true);

        until("on the host", () -> on(host.server(), carol));
        talks(carol, "moved");
    }

    @Test
    void plannedMoveToAHostWhoseServerIsStillToStartGoesOverTheReserve() throws Exception {
        Hosted replacement = suite.owner(FIELD, true, () -> {
            until("on the reserve", () -> on(suite.reserve, alice));
            talks(alice, "in between");
        });

        until("on the host", () -> on(replacement.server(), alice));
        talks(alice, "moved");
    }

    @Test
    void charServerIsKilledAndNothingOfTheTimeWithoutItIsLost() throws Exception {
        suite.killCharServer();
        until("core has lost it", () -> !suite.core.ask(SimMapServer::ready));
        kill(alice);
        long gained = alice.ask(SimClient::baseExp);
        walkThrough(alice, 197, next.server());
        next.kill();
        Hosted replacement = suite.owner(NEXT, false);
        until("on the next owner", () -> on(replacement.server(), alice) && on(replacement.server(), bob));
        assertThat(experience(replacement.server(), alice)).isEqualTo(gained);

        suite.startCharServer();
        suite.awaitVps();

        until("online", () -> online(alice) && online(bob));
        save(replacement.server(), alice);
        save(replacement.server(), bob);
        walkThrough(alice, 2, field.server());
    }

    @Test
    void dbProxyIsKilledAndEverybodyPlaysOn() throws Exception {
        suite.dbProxy.kill();
        talks(alice, "nobody listens");
        kill(alice);
        suite.dbProxy.start();
        suite.awaitVps();
        until(
                "hosts are back",
                () -> field.server().ask(SimMapServer::ready) && next.server().ask(SimMapServer::ready));

        assertThat(online(alice) && online(bob)).isTrue();
        save(field.server(), alice);
        save(next.server(), bob);
        walkThrough(alice, 197, next.server());
        next.kill();
        Hosted replacement = suite.owner(NEXT, false);
        until("on the next owner", () -> on(replacement.server(), alice) && on(replacement.server(), bob));
        SimClientTcp carol = player(new Point(FIELD, 100, 100));
        talks(carol, "new here");
    }

    @Test
    @Tag("deep")
    void kafkaIsKilledAndPlayGoesOnWithoutIt() throws Exception {
        double dropped = dropped();
        double observed = suite.dbProxy.metric(OBSERVED);
        suite.kafka.kill();
        HostId unheard = suite.offender(LAST);

        kill(alice);
        save(field.server(), alice);
        long gained = alice.ask(SimClient::baseExp);
        walkThrough(alice, 197, next.server());
        talks(alice, "nobody listens");
        next.kill();
        Hosted replacement = suite.owner(NEXT, false);
        until("on the next owner", () -> on(replacement.server(), alice) && on(replacement.server(), bob));
        assertThat(experience(replacement.server(), alice)).isEqualTo(gained);
        walkThrough(alice, 2, field.server());
        SimClientTcp carol = player(new Point(FIELD, 100, 100));
        talks(carol, "new here");
        until("seen", () -> suite.dbProxy.partState("kafka").equals("does not answer"));
        until("observed", () -> suite.dbProxy.metric(OBSERVED) > observed);

        suite.kafka.start();

        until(
                "change of owner is told",
                () -> isTold(Topics.ASSIGNMENTS, NEXT, replacement.id().value()));
        until("told or lost", () -> isTold(Topics.OBSERVATIONS, unheard.value(), "PROTOCOL") || dropped() > dropped);
        hearsOfMaps();
        HostId heard = suite.offender(LAST);
        until("told", () -> isTold(Topics.OBSERVATIONS, heard.value(), "PROTOCOL"));
        until("well", () -> suite.dbProxy.partState("kafka").equals("UP"));
        walkThrough(alice, 197, replacement.server());
    }

    @Test
    void dbProxyIsStartedWithoutKafkaAndPlayersGoOnAndCome() throws Exception {
        suite.kafka.kill();
        suite.dbProxy.kill();
        kill(alice);
        suite.dbProxy.start();
        suite.awaitVps();
        until(
                "hosts are back",
                () -> field.server().ask(SimMapServer::ready) && next.server().ask(SimMapServer::ready));
        assertThat(online(alice) && online(bob)).isTrue();
        save(field.server(), alice);
        walkThrough(alice, 197, next.server());
        SimClientTcp carol = player(new Point(FIELD, 10, 100));
        walkThrough(carol, 2, suite.core);

        suite.kafka.start();

        hearsOfMaps();
        suite.awaitVps();
        walkThrough(carol, 197, field.server());
        talks(carol, "back");
    }

    /** A map becomes eligible, and is no more. */
    private static void hearsOfMaps() {
        suite.announce(true, List.of(NEW));
        until("heard", () -> suite.isAnnounced(NEW));
        suite.announce(false, List.of(NEW));
        until("heard again", () -> !suite.isAnnounced(NEW) && suite.isAnnounced(FIELD));
    }

    private static boolean isTold(String topic, String key, String what) {
        return suite.kafka.records(topic, key).stream().anyMatch(event -> event.contains(what));
    }

    private static double dropped() throws Exception {
        return suite.dbProxy.metric("p2p_direct_events_dropped_total");
    }
}
