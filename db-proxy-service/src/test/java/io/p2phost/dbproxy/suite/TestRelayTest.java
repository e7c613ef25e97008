package io.p2phost.dbproxy.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.dbproxy.suite.TestRelay.Form;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.Cell;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.EnterAccepted;
import io.p2phost.ro.client.MapChange;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.OwnLine;
import io.p2phost.ro.client.Refused;
import io.p2phost.ro.client.Restart;
import io.p2phost.ro.client.Say;
import io.p2phost.ro.client.ServerMove;
import io.p2phost.ro.client.ServerTime;
import io.p2phost.ro.client.TimeRequest;
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
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a relay must do, packet by packet; db-proxy, clients and map-servers are made by hand. */
final class TestRelayTest {
    private static final int ACCOUNT = 2_000_101;
    private static final int CHARACTER = 150_001;
    private static final int REAL = 111;
    private static final int PSEUDONYM = 222;
    private static final Packet LOADED = Packet.fixed(ClientToMap.MAP_LOADED, 2);
    private static final Packet SEEN = Packet.fixed(MapToClient.ENTER_SEEN, 6).u32(2, ACCOUNT);
    private static final Packet INVENTORY = Packet.fixed(MapToClient.INVENTORY_SIZE, 4);
    private static final Packet ACCEPTED =
            EnterAccepted.of(5_000, new Cell(171, 361, 4)).packet();

    private final List<AutoCloseable> open = new ArrayList<>();
    private FakeDbProxy dbProxy;
    private ServerSocket first;
    private ServerSocket second;
    private TestRelay relay;

    @BeforeEach
    void start() throws IOException {
        dbProxy = opened(new FakeDbProxy());
        first = opened(listening());
        second = opened(listening());
        relay = opened(TestRelay.start(new TestRelay.Settings(
                "relay-1",
                loopback(0),
                dbProxy.url(),
                () -> "a-token",
                id -> address(second),
                Form.SERVER_MOVE,
                (account, what) -> {})));
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(relay.faults()).isEmpty();
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private Peer client() throws IOException {
        Peer client = opened(Peer.connect(relay.front()));
        client.send(Enter.of(ACCOUNT, CHARACTER, REAL, 77, 1).packet());
        return client;
    }

    private Peer accepted(ServerSocket at) throws IOException {
        at.setSoTimeout(10_000);
        return opened(new Peer(at.accept()));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static InetSocketAddress address(ServerSocket of) {
        return loopback(of.getLocalPort());
    }

    private Map<String, Object> toFirst() {
        return FakeDbProxy.routed(address(first), PSEUDONYM, 7);
    }

    private boolean tell(String kind, Map<String, Object> body) throws Exception {
        return dbProxy.order(relay.apiUrl(), kind, body);
    }

    private boolean moveToSecond(long number) throws Exception {
        return tell("REHOME", FakeDbProxy.rehome(ACCOUNT, FakeDbProxy.vps(address(second)), PSEUDONYM + 1, number));
    }

    /** A player on the first server. */
    private record Playing(Peer client, Peer server) {}

    private Playing playing() throws IOException {
        dbProxy.answer = toFirst();
        Peer client = client();
        Peer server = accepted(first);
        server.next();
        server.send(SEEN, ACCEPTED);
        client.next();
        client.next();
        client.send(LOADED);
        assertThat(server.next()).isEqualTo(LOADED);
        return new Playing(client, server);
    }

    private static Map<String, Object> who(long number) {
        return Map.of("accountId", ACCOUNT, "sessionNumber", number);
    }

    @Test
    void dbProxyIsAskedAndThePseudonymIsWrittenIntoOnePiece() throws Exception {
        dbProxy.answer = toFirst();
        Peer client = client();
        Peer server = accepted(first);

        byte[] piece = server.chunk();
        assertThat(Packet.of(piece))
                .isEqualTo(Enter.of(ACCOUNT, CHARACTER, PSEUDONYM, 77, 1).packet());
        assertThat(server.address()).isEqualTo("127.94.132.229");
        assertThat(dbProxy.entries).singleElement().satisfies(asked -> {
            assertThat(asked.get("relayId").asString()).isEqualTo("relay-1");
            assertThat(asked.get("clientIp").asString()).isEqualTo("127.0.0.1");
            assertThat(asked.get("accountId").asInt()).isEqualTo(ACCOUNT);
            assertThat(asked.get("characterId").asInt()).isEqualTo(CHARACTER);
            assertThat(asked.get("loginId1").asInt()).isEqualTo(REAL);
            assertThat(asked.get("sex").asInt()).isEqualTo(1);
        });

        Packet early = Say.of("Alice", "too early").packet();
        client.send(early);
        server.send(SEEN, INVENTORY, ACCEPTED);
        assertThat(List.of(client.next(), client.next(), client.next())).containsExactly(SEEN, INVENTORY, ACCEPTED);
        client.send(LOADED, Say.of("Alice", "hello").packet());
        assertThat(server.next()).isEqualTo(LOADED);
        assertThat(new Say(server.next()).words()).isEqualTo("hello");
    }

    @Test
    void finalRefusalIsShownAndAnyOtherIsAskedAgain() throws Exception {
        dbProxy.answer = FakeDbProxy.refused(8, "still there");
        Peer client = client();
        await().until(() -> dbProxy.entries.size() >= 2);

        dbProxy.answer = FakeDbProxy.refused(0, "no such login");

        assertThat(new Refused(client.next()).reason()).isZero();
        assertThat(client.isOver()).isTrue();
    }

    @Test
    void refusalOfTheMapServerIsSwallowedAndDbProxyAskedAgain() throws Exception {
        dbProxy.answer = toFirst();
        Peer client = client();
        Peer server = accepted(first);
        server.next();
        server.send(SEEN, Refused.of(8).packet());
        dbProxy.answer = FakeDbProxy.routed(address(second), PSEUDONYM, 8);

        Peer next = accepted(second);
        next.next();
        next.send(SEEN, ACCEPTED);

        assertThat(List.of(client.next(), client.next())).containsExactly(SEEN, ACCEPTED);
    }

    @Test
    void clientStaysWhenItsServerEndsAndIsSentToTheFrontAgain() throws Exception {
        Playing alice = playing();
        alice.server.close();
        dbProxy.answer = FakeDbProxy.routed(address(second), PSEUDONYM + 1, 9);

        assertThat(moveToSecond(8)).isTrue();

        ServerMove move = new ServerMove(alice.client.next());
        assertThat(move.map()).isEqualTo("prt_fild08.gat");
        assertThat(List.of(move.x(), move.y())).containsExactly(171, 361);
        assertThat(move.ip()).isEqualTo(Endpoint.address("127.0.0.1"));
        assertThat(move.port()).isEqualTo(relay.front().getPort());
        alice.client.close();
        Peer again = client();
        Peer server = accepted(second);
        assertThat(new Enter(server.next()).loginId1()).isEqualTo(PSEUDONYM + 1);
        server.send(SEEN, ACCEPTED);
        assertThat(again.next()).isEqualTo(SEEN);
        // Moved, not gone; when he goes now, he is.
        assertThat(dbProxy.signals).isEmpty();
        again.close();
        await().until(() -> dbProxy.signals.size() == 1);
        assertThat(dbProxy.signals.getFirst().get("kind").asString()).isEqualTo("GONE");
        assertThat(dbProxy.signals.getFirst().get("sessionNumber").asLong()).isEqualTo(9);
    }

    @Test
    void clientIsToldOfAMoveOnceHoweverOftenDbProxySaysIt() throws Exception {
        Playing alice = playing();
        alice.server.close();
        assertThat(moveToSecond(8)).isTrue();
        assertThat(moveToSecond(8)).isTrue();
        assertThat(tell("KICK", who(8))).isTrue();

        assertThat(alice.client.next().id()).isEqualTo(MapToClient.SERVER_MOVE);
        assertThat(alice.client.isOver()).isTrue();
    }

    @Test
    void whoIsNotInGameYetIsEnteredAtTheNextServerWithoutNoticing() throws Exception {
        dbProxy.answer = toFirst();
        Peer client = client();
        Peer server = accepted(first);
        server.next();
        server.send(SEEN);
        assertThat(client.next()).isEqualTo(SEEN);

        assertThat(moveToSecond(8)).isTrue();

        assertThat(server.isOver()).isTrue();
        Peer next = accepted(second);
        assertThat(new Enter(next.next()).loginId1()).isEqualTo(PSEUDONYM + 1);
        next.send(SEEN, ACCEPTED);
        assertThat(client.next()).isEqualTo(ACCEPTED);
    }

    @Test
    void spliceTellsTimeThenMapThenWhatWasHeld() throws Exception {
        relay.move(Form.SPLICE);
        Playing alice = playing();
        Packet change = MapChange.of("prt_fild08.gat", 20, 20).packet();
        alice.client.send(Say.of("Alice", "mine").packet());
        assertThat(new Say(alice.server.next()).words()).isEqualTo("mine");
        alice.server.send(change);
        assertThat(alice.client.next()).isEqualTo(change);
        // The client owes an answer to its last map, and the server is gone before it comes.
        alice.server.close();

        assertThat(moveToSecond(8)).isTrue();

        Peer server = accepted(second);
        assertThat(new Enter(server.next()).loginId1()).isEqualTo(PSEUDONYM + 1);
        alice.client.send(
                LOADED, Say.of("Alice", "lost").packet(), TimeRequest.of(1).packet());
        assertThat(new ServerTime(alice.client.next()).tick()).isGreaterThanOrEqualTo(5_000);
        server.send(SEEN, INVENTORY, ACCEPTED, OwnLine.of("welcome").packet());
        assertThat(new ServerTime(alice.client.next()).tick()).isEqualTo(5_000);
        assertThat(alice.client.next())
                .isEqualTo(MapChange.of("prt_fild08.gat", 171, 361).packet());
        assertThat(alice.client.next()).isEqualTo(INVENTORY);
        assertThat(new OwnLine(alice.client.next()).text()).isEqualTo("welcome");
        alice.client.send(Say.of("Alice", "still lost").packet(), LOADED);
        alice.client.send(Say.of("Alice", "here").packet());
        assertThat(server.next()).isEqualTo(LOADED);
        assertThat(new Say(server.next()).words()).isEqualTo("here");
    }

    @Test
    void spliceThatTheNextServerRefusesAsksDbProxyAgain() throws Exception {
        relay.move(Form.SPLICE);
        Playing alice = playing();
        alice.server.close();
        assertThat(moveToSecond(8)).isTrue();
        Peer refusing = accepted(second);
        refusing.next();
        dbProxy.answer = FakeDbProxy.routed(address(first), PSEUDONYM + 2, 10);
        refusing.send(SEEN, Refused.of(0).packet());

        Peer server = accepted(first);
        assertThat(new Enter(server.next()).loginId1()).isEqualTo(PSEUDONYM + 2);
        server.send(SEEN, ACCEPTED);
        assertThat(alice.client.next().id()).isEqualTo(MapToClient.TIME);
        assertThat(new MapChange(alice.client.next()).x()).isEqualTo(171);
    }

    @Test
    void hostsAreFoundByTheirId() throws Exception {
        Map<String, Object> routed = new HashMap<>(toFirst());
        routed.put("owner", Map.of("kind", "HOST", "id", "0198c0de-0000-7000-8000-000000000001"));
        dbProxy.answer = routed;
        client();
        assertThat(new Enter(accepted(second).next()).loginId1()).isEqualTo(PSEUDONYM);
    }

    @Test
    void rehomeOfAStrangerIsNotFoundAndOfOneWhoJustLeftIsTaken() throws Exception {
        assertThat(moveToSecond(8)).isFalse();
        Playing alice = playing();
        alice.client.close();
        await().until(() -> dbProxy.signals.size() == 1);
        assertThat(dbProxy.signals.getFirst().get("sessionNumber").asLong()).isEqualTo(7);

        assertThat(moveToSecond(8)).isTrue();
    }

    @Test
    void olderMoveThanHisOwnIsIgnored() throws Exception {
        Playing alice = playing();
        assertThat(moveToSecond(7)).isTrue();
        alice.server.send(OwnLine.of("still here").packet());
        assertThat(new OwnLine(alice.client.next()).text()).isEqualTo("still here");
    }

    @Test
    void releaseEndsTheServerSideAndKickTheClients() throws Exception {
        Playing alice = playing();
        assertThat(tell("RELEASE", who(7))).isTrue();
        assertThat(alice.server.isOver()).isTrue();
        alice.client.send(TimeRequest.of(1).packet());
        assertThat(alice.client.next().id()).isEqualTo(MapToClient.TIME);

        assertThat(tell("KICK", who(7))).isTrue();
        assertThat(alice.client.isOver()).isTrue();
        await().until(() -> dbProxy.signals.size() == 1);
    }

    @Test
    void dbProxyHearsOfARestartBeforeTheMapServerDoes() throws Exception {
        Playing alice = playing();
        alice.client.send(Restart.of(Restart.CHARACTER_SELECT).packet());
        assertThat(new Restart(alice.server.next()).kind()).isEqualTo(Restart.CHARACTER_SELECT);
        assertThat(dbProxy.signals).singleElement().satisfies(signal -> {
            assertThat(signal.get("kind").asString()).isEqualTo("RESTART");
            assertThat(signal.get("sessionNumber").asLong()).isEqualTo(7);
        });

        alice.server.send(Packet.fixed(MapToClient.RESTART_ANSWER, 3).u8(2, 1));
        assertThat(alice.client.next().id()).isEqualTo(MapToClient.RESTART_ANSWER);
        alice.server.close();
        assertThat(alice.client.isOver()).isTrue();
    }

    @Test
    void withoutATokenNothingIsDone() throws Exception {
        Playing alice = playing();
        assertThat(dbProxy.orderWithoutToken(relay.apiUrl(), "KICK", who(7))).isEqualTo(401);
        alice.server.send(OwnLine.of("still here").packet());
        assertThat(alice.client.next().id()).isEqualTo(MapToClient.OWN_LINE);
    }

    @Test
    void announcesItself() {
        await().until(() -> !dbProxy.announced.isEmpty());
        assertThat(dbProxy.announced.getFirst().get("apiUrl").asString()).isEqualTo(relay.apiUrl());
    }

    @Test
    void simulatedPlayerEntersTalksAndLeaves() throws Exception {
        SimLoginServer login = new SimLoginServer(Clock.systemUTC(), 1);
        int account = login.createAccount("alice", "secret", 0, 0);
        SimDatabase database = new SimDatabase();
        int character = database.createCharacter(account, "Alice", 0, 0, new Point("prt_fild08", 100, 100));
        Endpoint charAt;
        try (ServerSocket free = listening()) {
            charAt = Endpoint.of("127.0.0.1:" + free.getLocalPort());
        }
        SimCharServerTcp charServer = opened(new SimCharServerTcp(
                CharServerSettings.stock("s1", "p1", charAt).withoutFloodLimit(),
                database,
                login,
                Endpoint.of("127.0.0.1:0"),
                SimCharServerTcp.STOCK_BACKLOG));
        Endpoint front = Endpoint.of("127.0.0.1:" + relay.front().getPort());
        SimMapServerTcp map = opened(new SimMapServerTcp(
                MapServerSettings.stock("s1", "p1", front, charAt, List.of("prt_fild08"), 1)
                        .withoutPreventLogout(),
                SimWorld.small(),
                Endpoint.of("127.0.0.1:0")));
        await().until(() -> map.ask(SimMapServer::ready));
        SimClientTcp alice = opened(new SimClientTcp(charServer.loginEndpoint(), "alice", "secret"));
        alice.tell(client -> client.play(0));
        // Its own login id is what this map-server expects: nobody translates here.
        await().until(() -> dbProxy.entries.size() == 1);
        dbProxy.answer = FakeDbProxy.routed(loopback(map.endpoint().port()), alice.ask(SimClient::loginId1), 1);

        await().until(() -> map.ask(server -> server.plays(account)) && alice.ask(SimClient::playing));
        alice.tell(client -> client.say("here I am"));
        await().until(() -> alice.ask(SimClient::chat).contains("Alice : here I am"));
        alice.tell(SimClient::quit);
        await().until(() -> charServer.ask(server -> !database.online(character)));
        assertThat(alice.ask(SimClient::faults)).isEmpty();
        await().until(() -> dbProxy.signals.size() == 1);
    }
}
