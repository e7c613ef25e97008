package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tunnel.OpenAnswer;
import io.p2phost.links.tunnel.TunnelClient;
import io.p2phost.links.tunnel.TunnelClientListener;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.PlayerSettings.Form;
import io.p2phost.relay.route.Route;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.MapChange;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.OwnLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tunnels change their keys ten times a second, and players are moved within their connections all the while. */
@ExtendWith(LeakGuard.class)
class KeyChangeTest {
    private static final Duration KEY_CHANGE = Duration.ofMillis(100);
    private static final int PLAYERS = 4;
    private static final int LEAST_MOVES = 50;
    private static final int LINES = 20;

    /** The first connection of each host, and so many in its place. */
    private static final int LEAST_CONNECTIONS = 2 + 2 * 10;

    private final TestAuthority authority = new TestAuthority();
    private final LinkTransport transport = LinkTransport.start("hosts", 1);

    /** A host with one map. */
    private final class Host implements TunnelClientListener, AutoCloseable {
        private final HostId id = HostId.random();
        private final MapName map;
        private final MapServerStand cell;
        private final TunnelClient client;

        Host(String name, FrontStand stand) {
            map = MapName.of(name);
            cell = new MapServerStand(name);
            client = new TunnelClient(
                    TunnelClient.Options.of(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), stand.tunnels.port()), "host/test"),
                    RotatingTls.connecting(authority.host(id)),
                    transport,
                    new DialPlaces(),
                    this,
                    new RecordingMetrics());
            client.start();
            await().until(() -> stand.tunnels.of(id).isPresent());
            stand.routes.offer(new Route(map, Epoch.of(1), Owner.host(id)));
        }

        Destination to(long number) {
            return new Destination(Owner.host(id), map, Epoch.of(1), 9_001, number, 100, 80);
        }

        @Override
        public void assign(MapName assigned, Epoch epoch, CellRole role) {}

        @Override
        public void fenced(MapName fenced, Epoch currentEpoch) {}

        @Override
        public OpenAnswer open(MapName wanted, Epoch epoch) {
            return OpenAnswer.accept(cell.endpoint());
        }

        @Override
        public void goAway(GoAwayCode code) {}

        @Override
        public void disconnected(CloseReason reason, Duration nextAttempt) {}

        @Override
        public void close() {
            client.close();
            cell.close();
        }
    }

    @Test
    @Timeout(120)
    void playersAreMovedWithinTheirConnectionsWhileKeysChange() throws Exception {
        try (FrontStand stand = new FrontStand(limits -> {
                    limits.form = Form.SPLICE;
                    limits.hosts = authority;
                    limits.keyChange = KEY_CHANGE;
                });
                Host alpha = new Host("alpha", stand);
                Host beta = new Host("beta", stand);
                ExecutorService players = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> stories = new ArrayList<>();
            for (int i = 0; i < PLAYERS; i++) {
                int account = stand.player();
                stand.dbProxy.known.put(account, alpha.to(1));
                stories.add(() -> moves(stand, account, List.of(alpha, beta)));
            }
            for (Future<Integer> moves : players.invokeAll(stories)) {
                assertThat(moves.get()).isGreaterThanOrEqualTo(LEAST_MOVES);
            }
        } finally {
            transport.close();
        }
    }

    private static double connections(FrontStand stand) {
        return stand.meters.get("p2p_relay_tunnels_opened_total").counter().count();
    }

    /** Moves there and back, with words at each place; how often. */
    private static int moves(FrontStand stand, int account, List<Host> hosts) throws Exception {
        int moves = 0;
        try (TestClient client = TestClient.inGame(stand.port(), account)) {
            while (moves < LEAST_MOVES || connections(stand) < LEAST_CONNECTIONS) {
                talks(client, hosts.get(moves % 2), moves);
                moves++;
                Host next = hosts.get(moves % 2);
                assertThat(stand.players.rehome(account, next.to(1 + moves)).get())
                        .isTrue();
                assertThat(new MapChange(client.await(MapToClient.MAP_CHANGE)).map())
                        .isEqualTo(next.map + ".gat");
                client.send(Packet.fixed(ClientToMap.MAP_LOADED, 2));
            }
            talks(client, hosts.get(moves % 2), moves);
            assertThat(stand.dbProxy.gone).as("his connection stands").doesNotContain(account);
        }
        return moves;
    }

    private static void talks(TestClient client, Host at, int round) throws IOException {
        for (int i = 0; i < LINES; i++) {
            client.say(round + " " + i);
        }
        for (int i = 0; i < LINES; i++) {
            assertThat(new OwnLine(client.await(MapToClient.OWN_LINE)).text())
                    .isEqualTo(at.map + " me : " + round + " " + i);
        }
    }
}
