package io.p2phost.ro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The client, with all its servers played by hand. */
final class ClientTest {
    private static final Endpoint MAP = Endpoint.of("127.0.0.1:5121");
    private static final int ACCOUNT = 2_000_001;

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final List<Link> links = new ArrayList<>();
    private final List<Endpoint> dialled = new ArrayList<>();
    private final SimClient client = new SimClient(Stage.LOGIN, "alice", "secret", net, (to, link) -> {
        dialled.add(to);
        links.add(link);
    });

    private Probe next() {
        return new Probe(links.getLast());
    }

    private Probe mapServer() {
        client.play(0);
        Probe login = next();
        assertThat(login.ids()).containsExactly("0064");
        login.say(ClientPackets.acceptLogin(1, ACCOUNT, 2, 0, Stage.CHAR));
        assertThat(login.closed()).isTrue();
        Probe chr = next();
        assertThat(chr.ids()).containsExactly("0065");
        Status status = Status.novice(150_001, ACCOUNT, "Alice", 0, 0, new Point("prt_fild08", 5, 6));
        chr.say(ClientPackets.bareAccount(ACCOUNT)).say(ClientPackets.characters(List.of(status)));
        assertThat(chr.ids()).containsExactly("0066");
        chr.say(ClientPackets.mapServer(150_001, "prt_fild08", MAP));
        assertThat(dialled.getLast()).isEqualTo(MAP);
        Probe map = next();
        Packet enter = map.only(ClientPackets.CZ_ENTER);
        assertThat(enter.length()).isEqualTo(19);
        assertThat(enter.i32(10)).isEqualTo(1);
        return map;
    }

    private static Probe letIn(Probe map) {
        return map.say(ClientPackets.entering(ACCOUNT))
                .say(ClientPackets.inventorySize())
                .say(ClientPackets.entered(1, 5, 6));
    }

    @Test
    void entersAndAnswersEachMap() {
        Probe map = letIn(mapServer()).say(ClientPackets.map(new Point("prt_fild08", 5, 6)));

        assertThat(map.ids()).containsExactly("007d", "007d");
        assertThat(client.at()).isEqualTo(new Point("prt_fild08", 5, 6));
        assertThat(client.faults()).isEmpty();
    }

    /** A relay gives the client a new map on the connection it has. */
    @Test
    void splicedClientGoesOnAsAfterAnyWarp() {
        Probe map = letIn(mapServer());
        map.take();

        map.say(ClientPackets.tick(ClientPackets.ZC_TICK, 9)).say(ClientPackets.map(new Point("prt_fild08", 30, 40)));

        assertThat(map.ids()).containsExactly("007d");
        assertThat(client.at()).isEqualTo(new Point("prt_fild08", 30, 40));
        assertThat(client.entries()).isEqualTo(1);
        assertThat(client.faults()).isEmpty();
    }

    @Test
    void goesWhereItIsSent() {
        Probe map = letIn(mapServer());
        Endpoint other = Endpoint.of("127.0.0.2:7000");

        map.say(ClientPackets.serverMove(new Point("prt_fild07", 10, 100), other));

        assertThat(dialled.getLast()).isEqualTo(other);
        Probe next = next();
        assertThat(map.closed()).isTrue();
        client.attack(1);
        client.say("too early");
        client.walkTo(1, 1);
        letIn(next);
        assertThat(next.ids())
                .as("nothing before it is let in: whoever answers there would end the connection")
                .containsExactly("0436", "007d");
        assertThat(client.at().map()).isEqualTo("prt_fild07");
        assertThat(client.serverMoves()).isEqualTo(1);
    }

    @Test
    void whatComesTooEarlyOrTwiceIsAFault() {
        Probe map = mapServer();

        map.say(ClientPackets.map(new Point("prt_fild08", 5, 6)));
        assertThat(client.faults()).hasSize(1);
        letIn(map).say(ClientPackets.entered(1, 5, 6));
        assertThat(client.faults()).hasSize(2);
        map.say(ClientPackets.entering(ACCOUNT));
        assertThat(client.faults()).hasSize(3);
    }

    @Test
    void aRefusalEndsIt() {
        Probe map = mapServer();

        map.say(ClientPackets.ban(8));

        assertThat(client.lastBan()).isEqualTo(8);
        assertThat(client.phase()).isEqualTo(SimClient.Phase.AWAY);
        assertThat(map.closed()).isTrue();
    }
}
