package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.SimSuite.FIELD;
import static io.p2phost.dbproxy.mux.SimSuite.NEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.SimSuite.Hosted;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One relay of two loses a host, or is lost itself, in rAthena's protocol from client to char-server. */
class TwoRelaysTest {
    private static final Endpoint OTHER_FRONT = Endpoint.of("127.0.0.3:7000");

    private final SimSuite suite = new SimSuite(23);
    private final SimRelay other = suite.relay("relay-2", OTHER_FRONT);
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

    /** She gains by it, and nobody has saved her since. */
    private long kill(SimClient client) {
        long before = client.baseExp();
        suite.until("a monster", () -> !client.monsters().isEmpty());
        client.attack(client.monsters().keySet().stream().sorted().findFirst().orElseThrow());
        suite.until("killed", () -> client.baseExp() > before);
        return client.baseExp();
    }

    private String relayOf(SimClient client) {
        return String.valueOf(suite.rows().get(client.accountId()).relay());
    }

    @Test
    void playersOfTheRelayThatLostAHostGoOnThroughTheOtherAndKeepWhatTheyHad() {
        both();
        long exp = kill(alice);

        suite.relay.loses(suite.entrance(field.key()).orElseThrow());
        int carried = suite.proxy.mux.carry(
                field.key().host(), "relay-1", new Outside.Front(OTHER_FRONT.host(), OTHER_FRONT.port()));
        assertThat(carried).isEqualTo(1);
        suite.until("through the other", () -> alice.playing() && alice.serverMoves() == 1);
        suite.run(1_000);
        assertThat(field.server().plays(alice.accountId())).isTrue();
        assertThat(alice.mapServer()).isEqualTo(OTHER_FRONT);
        assertThat(alice.baseExp()).as("her newest save was not older").isEqualTo(exp);
        assertThat(relayOf(alice)).isEqualTo("relay-2");

        // The other host is not concerned, and she can go on to it.
        assertThat(bob.serverMoves()).isZero();
        assertThat(relayOf(bob)).isEqualTo("relay-1");
        suite.run(12_000);
        assertThat(suite.database.online(alice.charId())).isTrue();
        assertThat(suite.database.status(alice.charId()).baseExp()).isEqualTo(exp);
        honest();
    }

    @Test
    void playersOfARelayThatVanishesAreInGameThroughTheOtherAndNobodyStaysLocked() {
        both();
        long exp = kill(alice);

        suite.killRelay(suite.relay, other);
        suite.until("cut", () -> !alice.playing() && !bob.playing());
        suite.play(alice);
        suite.play(bob);
        for (SimClient client : new SimClient[] {alice, bob}) {
            assertThat(relayOf(client)).isEqualTo("relay-2");
            assertThat(suite.database.online(client.charId())).isTrue();
        }
        assertThat(alice.baseExp()).as("saved when her connection ended").isEqualTo(exp);
        assertThat(suite.proxy.mux.sessionCounts().get(SessionState.PLAYING)).isEqualTo(2);
        assertThat(Stream.of(field, next)
                        .mapToInt(each -> each.server().playerNames().size()))
                .as("nobody twice")
                .containsExactly(1, 1);

        // Nothing of the dead relay's time is left that could end them later.
        suite.run(150_000);
        assertThat(alice.playing()).isTrue();
        assertThat(bob.playing()).isTrue();
        alice.quit();
        bob.quit();
        suite.until(
                "gone",
                () -> !suite.database.online(alice.charId())
                        && !suite.database.online(bob.charId())
                        && suite.rows().isEmpty());
        honest();
    }

    /** Who was between two servers when his relay vanished is nobody's: his next login ends that. */
    @Test
    void whoWasBeingCarriedWhenHisRelayVanishedLogsInAgain() {
        both();
        suite.relay.loses(suite.entrance(field.key()).orElseThrow());
        suite.proxy.mux.carry(field.key().host(), "relay-1", new Outside.Front(OTHER_FRONT.host(), OTHER_FRONT.port()));
        suite.killRelay(suite.relay, other);
        suite.until("cut", () -> !alice.playing());
        suite.play(alice);
        assertThat(relayOf(alice)).isEqualTo("relay-2");
        assertThat(field.server().plays(alice.accountId())).isTrue();
        suite.run(30_000);
        assertThat(alice.playing()).isTrue();
        assertThat(suite.violations).isEmpty();
    }
}
