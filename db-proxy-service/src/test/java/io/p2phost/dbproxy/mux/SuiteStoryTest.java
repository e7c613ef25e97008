package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.SimSuite.FIELD;
import static io.p2phost.dbproxy.mux.SimSuite.NEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.SimSuite.Hosted;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Histories of a whole installation, in rAthena's protocol from client to char-server. */
class SuiteStoryTest {
    private final SimSuite suite = new SimSuite(11);
    private final Hosted field = suite.owner(FIELD);
    private final Hosted next = suite.owner(NEXT);
    private final SimClient alice = suite.client("alice", 0, new Point(FIELD.value(), 190, 100));
    private final SimClient bob = suite.client("bob", 0, new Point(NEXT.value(), 50, 50));

    private void both() {
        suite.play(alice);
        suite.play(bob);
        assertThat(field.server().plays(alice.accountId())).isTrue();
        assertThat(next.server().plays(bob.accountId())).isTrue();
    }

    private void honest() {
        assertThat(suite.violations).isEmpty();
        assertThat(alice.faults()).isEmpty();
        assertThat(bob.faults()).isEmpty();
    }

    @Test
    void playersEnterWalkTalkAndQuit() {
        suite.database.formParty("Pair", suite.database.characterIds());
        both();
        alice.walkTo(180, 100);
        alice.sayToParty("on my way");
        alice.whisper("Bob", "where are you?");
        suite.run(1_000);

        assertThat(bob.partyChat()).containsExactly("Alice : on my way");
        assertThat(alice.partyChat()).containsExactly("Alice : on my way");
        assertThat(bob.whispers()).containsExactly("Alice: where are you?");
        assertThat(alice.lastWhisperResult()).isZero();
        alice.quit();
        suite.until("saved", () -> !suite.database.online(alice.charId()));
        assertThat(suite.database.status(alice.charId()).lastPoint().map()).isEqualTo(FIELD.value());
        honest();
    }

    @Test
    void portalBetweenTwoHosts() {
        both();
        alice.walkTo(197, 100);
        suite.until("other side", () -> next.server().plays(alice.accountId()) && alice.playing());

        assertThat(alice.at().map()).isEqualTo(NEXT.value());
        suite.run(15_000);
        assertThat(suite.database.status(alice.charId()).lastPoint().map()).isEqualTo(NEXT.value());
        assertThat(suite.database.online(alice.charId())).isTrue();
        honest();
    }

    @Test
    void hostDiesAndItsPlayersGoOnElsewhere() {
        both();
        kill(alice);
        suite.run(12_000);
        long saved = suite.database.status(alice.charId()).baseExp();
        assertThat(saved).isPositive();

        suite.kill(field.server());
        Hosted replacement = suite.owner(FIELD);

        suite.until("on the next owner", () -> replacement.server().plays(alice.accountId()) && alice.playing());
        assertThat(alice.baseExp()).isEqualTo(saved);
        assertThat(alice.serverMoves()).isEqualTo(1);
        assertThat(suite.database.online(alice.charId())).isTrue();
        alice.say("still here");
        suite.run(200);
        assertThat(alice.chat()).contains("Alice : still here");
        honest();
    }

    private void kill(SimClient client) {
        int monster = client.monsters().keySet().stream().sorted().findFirst().orElseThrow();
        client.attack(monster);
        suite.until("dead", () -> !client.monsters().containsKey(monster));
    }

    @Test
    void hostDiesWhileTheCharServerIsAwayAndNothingIsLostWhenItIsBack() {
        both();
        kill(alice);
        suite.run(12_000);
        suite.killCharServer();
        kill(alice);
        suite.run(12_000);
        long exp = alice.baseExp();
        suite.kill(field.server());
        Hosted replacement = suite.owner(FIELD);
        suite.until("on the next owner", () -> replacement.server().plays(alice.accountId()) && alice.playing());
        assertThat(alice.baseExp()).isEqualTo(exp);

        suite.startCharServer();
        suite.until("back", () -> suite.proxy.mux.isUp());
        suite.run(1_000);

        assertThat(suite.database.status(alice.charId()).baseExp()).isEqualTo(exp);
        assertThat(List.of(alice, bob)).allMatch(client -> suite.database.online(client.charId()));
        suite.until("core", () -> suite.core.ready() && suite.core.otherServers() > 0);
        bob.quit();
        suite.until("saved", () -> !suite.database.online(bob.charId()));
        honest();
    }

    @Test
    void mapWithoutHostIsPlayedOnTheReserveAndMovesToAHostWithoutLoss() {
        SimClient carol = suite.client("carol", 0, new Point(SimSuite.LAST.value(), 50, 50));
        suite.play(carol);
        assertThat(suite.reserve.plays(carol.accountId())).isTrue();
        kill(carol);
        long exp = carol.baseExp();

        suite.proxy.mux.release(SimSuite.LAST);
        suite.until("let go", () -> suite.proxy.mux.playersOn(SimSuite.LAST) == 0);
        Hosted host = suite.owner(SimSuite.LAST);

        suite.until("on the host", () -> host.server().plays(carol.accountId()) && carol.playing());
        assertThat(carol.baseExp()).as("nothing lost").isEqualTo(exp);
        assertThat(suite.database.online(carol.charId())).isTrue();
    }

    @Test
    void coreAndHostsChangePlayersBothWays() {
        SimClient carol = suite.client("carol", 99, new Point("prontera", 190, 100));
        suite.play(carol);
        assertThat(suite.core.plays(carol.accountId())).isTrue();
        carol.walkTo(197, 100);
        suite.until("on the host", () -> field.server().plays(carol.accountId()) && carol.playing());
        int zeny = field.server().status(carol.accountId()).zeny();
        carol.say("@zeny 5000");
        suite.run(300);
        assertThat(field.server().status(carol.accountId()).zeny())
                .as("nobody is staff on a host")
                .isEqualTo(zeny);

        carol.walkTo(2, 100);
        suite.until("on core", () -> suite.core.plays(carol.accountId()) && carol.playing());
        carol.say("@zeny 5000");
        suite.run(300);
        assertThat(suite.core.status(carol.accountId()).zeny())
                .as("staff again")
                .isEqualTo(zeny + 5_000);
        honest();
    }

    @Test
    void otherEligibleMapsWhileEverybodyPlays() {
        both();
        SimClient carol = suite.client("carol", 0, new Point("prontera", 50, 100));
        suite.play(carol);

        suite.proxy.mux.eligibleMaps(Set.of(FIELD, NEXT));
        suite.until("up again", () -> suite.proxy.mux.isUp() && suite.core.ready() && suite.core.otherServers() > 0);

        assertThat(suite.reserve.ready()).isTrue();
        assertThat(List.of(alice, bob, carol))
                .allMatch(client -> client.playing() && suite.database.online(client.charId()));
        alice.walkTo(197, 100);
        suite.until("other side", () -> next.server().plays(alice.accountId()) && alice.playing());
        carol.walkTo(197, 100);
        suite.until("from core", () -> field.server().plays(carol.accountId()) && carol.playing());
        suite.run(15_000);
        assertThat(suite.database.status(alice.charId()).lastPoint().map()).isEqualTo(NEXT.value());
        honest();
    }

    @Test
    void restartOfDbProxyCostsNobodyHisSession() {
        both();
        suite.killProxy();
        suite.run(2_000);
        suite.startProxy();
        suite.until("up", () -> suite.proxy.mux.isUp());
        suite.until(
                "hosts are back", () -> field.server().ready() && next.server().ready());
        alice.walkTo(197, 100);
        suite.until("other side", () -> next.server().plays(alice.accountId()) && alice.playing());
        suite.run(12_000);

        assertThat(suite.database.status(alice.charId()).lastPoint().map()).isEqualTo(NEXT.value());
        assertThat(List.of(alice, bob)).allMatch(client -> suite.database.online(client.charId()));
        assertThat(alice.faults()).isEmpty();
    }
}
