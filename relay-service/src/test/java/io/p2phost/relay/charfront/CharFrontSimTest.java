package io.p2phost.relay.charfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.MapServerSettings;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimCharServerTcp;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimClientTcp;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.SimMapServerTcp;
import io.p2phost.ro.sim.SimWorld;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that find their char-server at a relay; the map-servers' own addresses stand for its front. */
class CharFrontSimTest {
    private static final Endpoint ANY = Endpoint.of("127.0.0.1:0");
    /** What the char-server names for maps behind relays: nobody is there. */
    private static final Endpoint FRONT = Endpoint.of("127.0.9.9:7000");

    private final List<AutoCloseable> open = new ArrayList<>();
    private final SimDatabase database = new SimDatabase();
    private final SimLoginServer loginServer = new SimLoginServer(Clock.systemUTC(), 1);
    private final Endpoint charAt = freePort();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private static Endpoint freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Endpoint(ANY.address(), socket.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    private <T extends AutoCloseable> T opened(T it) {
        open.add(it);
        return it;
    }

    private void character(String name, Point at) {
        int account = loginServer.createAccount(name, "secret", 0, 0);
        database.createCharacter(account, name, 0, 0, at);
    }

    private SimMapServerTcp mapServer(Endpoint announced, Endpoint at, String map) throws IOException {
        return opened(new SimMapServerTcp(
                MapServerSettings.stock("s1", "p1", announced, charAt, List.of(map), 1)
                        .withoutPreventLogout(),
                SimWorld.small(),
                at));
    }

    @Test
    void playersOfHostedMapsComeToThisRelayAndOthersGoWhereTheyAreSent() throws Exception {
        character("Ann", new Point("prt_fild08", 150, 100));
        character("Cid", new Point("prt_fild07", 20, 100));
        Endpoint front = freePort();
        SimMapServerTcp behind = mapServer(FRONT, front, "prt_fild08");
        Endpoint core = freePort();
        SimMapServerTcp own = mapServer(core, core, "prt_fild07");

        CharFrontStand.Change change = new CharFrontStand.Change();
        change.charServer = charAt.toString();
        change.fronts = Set.of(Place.parse(FRONT.toString()));
        change.own = Place.parse(front.toString());
        CharFrontStand stand = opened(new CharFrontStand(change));

        SimCharServerTcp charServer = opened(new SimCharServerTcp(
                CharServerSettings.stock("s1", "p1", new Endpoint(ANY.address(), stand.front.port()))
                        .withoutFloodLimit(),
                database,
                loginServer,
                ANY,
                charAt,
                SimCharServerTcp.STOCK_BACKLOG));
        until(() -> behind.ask(SimMapServer::ready) && own.ask(SimMapServer::ready));

        SimClientTcp ann = opened(new SimClientTcp(charServer.loginEndpoint(), "Ann", "secret"));
        SimClientTcp cid = opened(new SimClientTcp(charServer.loginEndpoint(), "Cid", "secret"));
        ann.tell(client -> client.play(0));
        cid.tell(client -> client.play(0));
        until(() -> ann.ask(SimClient::playing) && cid.ask(SimClient::playing));
        assertThat(ann.ask(SimClient::mapServer)).isEqualTo(front);
        assertThat(cid.ask(SimClient::mapServer)).isEqualTo(core);
        assertThat(stand.named("own")).isEqualTo(1);

        // To the character screen and back, by the same way.
        ann.tell(SimClient::toCharacterScreen);
        until(() -> !ann.ask(SimClient::playing));
        ann.tell(SimClient::selectAgain);
        until(() -> ann.ask(SimClient::playing) && ann.ask(SimClient::entries) == 2);
        assertThat(ann.ask(SimClient::mapServer)).isEqualTo(front);
        assertThat(ann.ask(SimClient::faults)).isEmpty();
        assertThat(cid.ask(SimClient::faults)).isEmpty();
    }
}
