package io.p2phost.ro.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same cores over real sockets. */
final class TcpTest {
    private static final Endpoint ANY = Endpoint.of("127.0.0.1:0");

    private final SimDatabase database = new SimDatabase();
    private final SimLoginServer loginServer = new SimLoginServer(Clock.systemUTC(), 1);
    private final Endpoint charAt = freePort();
    private final List<AutoCloseable> open = new ArrayList<>();
    private int alice;
    private int bob;
    private SimCharServerTcp charServer;

    @BeforeEach
    void start() throws IOException {
        alice = character("alice", 99, new Point("prt_fild08", 190, 100));
        bob = character("bob", 0, new Point("prt_fild07", 20, 100));
        charServer = charServer(ANY);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    private static Endpoint freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Endpoint(ANY.address(), socket.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private int character(String name, int group, Point at) {
        int accountId = loginServer.createAccount(name, "secret", 0, group);
        String called = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        return database.createCharacter(accountId, called, 0, 0, at);
    }

    private SimCharServerTcp charServer(Endpoint loginAt) throws IOException {
        SimCharServerTcp started = new SimCharServerTcp(
                CharServerSettings.stock("s1", "p1", charAt).withoutFloodLimit(),
                database,
                loginServer,
                loginAt,
                SimCharServerTcp.STOCK_BACKLOG);
        open.add(started);
        return started;
    }

    private SimMapServerTcp mapServer(String... maps) throws IOException {
        Endpoint at = freePort();
        MapServerSettings settings = MapServerSettings.stock("s1", "p1", at, charAt, List.of(maps), 1)
                .withoutPreventLogout();
        SimMapServerTcp started = new SimMapServerTcp(settings, SimWorld.small(), at);
        open.add(started);
        return started;
    }

    private SimClientTcp client(String name) {
        SimClientTcp started = new SimClientTcp(charServer.loginEndpoint(), name, "secret");
        open.add(started);
        return started;
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    @Test
    void fromLoginToQuitAcrossTwoServers() throws IOException {
        database.formParty("Pair", List.of(alice, bob));
        SimMapServerTcp first = mapServer("prt_fild08");
        SimMapServerTcp second = mapServer("prt_fild07");
        until(() -> first.ask(server -> server.ready() && server.otherServers() > 0)
                && second.ask(server -> server.ready() && server.otherServers() > 0));
        SimClientTcp walking = client("alice");
        SimClientTcp waiting = client("bob");
        walking.tell(client -> client.play(0));
        waiting.tell(client -> client.play(0));
        until(() -> walking.ask(SimClient::playing) && waiting.ask(SimClient::playing));
        until(() -> first.ask(server -> server.playerNames().contains("Alice")));
        until(() -> second.ask(server -> server.playerNames().contains("Bob")));

        walking.tell(client -> client.sayToParty("on my way"));
        walking.tell(client -> client.whisper("Bob", "psst"));
        walking.tell(client -> client.say("@zeny 500"));
        until(() -> waiting.ask(client -> client.partyChat().contains("Alice : on my way")));
        until(() -> walking.ask(SimClient::lastWhisperResult) == 0);
        until(() -> walking.ask(SimClient::zeny) == 1500);

        walking.tell(client -> client.walkTo(197, 100));
        until(() -> second.ask(server -> server.playerNames().contains("Alice")));
        until(() -> walking.ask(SimClient::playing));
        walking.tell(client -> client.say("here I am"));
        until(() -> waiting.ask(client -> client.chat().contains("Alice : here I am")));

        walking.tell(SimClient::quit);
        until(() -> charServer.ask(server -> !database.online(alice)));
        Status saved = charServer.ask(server -> database.status(alice));
        assertThat(saved.zeny()).isEqualTo(1500);
        assertThat(saved.lastPoint().map()).isEqualTo("prt_fild07");
        assertThat(walking.ask(SimClient::faults)).isEmpty();
        assertThat(waiting.ask(SimClient::faults)).isEmpty();
    }

    @Test
    void charServerIsKilledAndComesBack() throws IOException {
        SimMapServerTcp server = mapServer("prt_fild08");
        until(() -> server.ask(SimMapServer::ready));
        SimClientTcp player = client("alice");
        player.tell(client -> client.play(0));
        until(() -> server.ask(map -> map.playerNames().contains("Alice")));
        Endpoint login = charServer.loginEndpoint();

        charServer.close();
        until(() -> !server.ask(SimMapServer::ready));
        assertThat(player.ask(SimClient::playing)).isTrue();
        charServer = charServer(login);

        until(() -> server.ask(SimMapServer::ready));
        until(() -> charServer.ask(chr -> chr.serverOf(player.ask(SimClient::accountId))) == 0);
    }

    @Test
    void orderlyEndSavesEverybody() throws IOException {
        SimMapServerTcp server = mapServer("prt_fild08");
        until(() -> server.ask(SimMapServer::ready));
        SimClientTcp player = client("alice");
        player.tell(client -> client.play(0));
        until(() -> server.ask(map -> map.playerNames().contains("Alice")));
        until(() -> player.ask(client -> client.carries(1201)) == 1);
        player.tell(client -> client.say("@zeny 7"));
        until(() -> player.ask(SimClient::zeny) == 1007);

        server.shutDown();

        until(() -> charServer.ask(chr -> database.status(alice).zeny()) == 1007);
        until(() -> !player.ask(SimClient::playing));
    }

    @Test
    void enteringInTwoPiecesIsRefused() throws IOException {
        SimMapServerTcp server = mapServer("prt_fild08");
        until(() -> server.ask(SimMapServer::ready));
        byte[] enter = ClientPackets.enter(2_000_000, alice, 1, 1, 0).bytes();

        try (Socket socket = connect(server.endpoint())) {
            socket.getOutputStream().write(enter);
            assertThat(socket.getInputStream().readNBytes(2)).containsExactly(0x83, 0x02);
        }
        try (Socket socket = connect(server.endpoint())) {
            socket.getOutputStream().write(enter, 0, 7);
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo(-1);
        }
        byte[] more = java.util.Arrays.copyOf(enter, 21);
        more[19] = 0x7d;
        try (Socket socket = connect(server.endpoint())) {
            socket.getOutputStream().write(more);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static Socket connect(Endpoint to) throws IOException {
        Socket socket = new Socket(to.host(), to.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Test
    void nonsenseEndsALinkAndNothingElse() throws IOException {
        SimMapServerTcp server = mapServer("prt_fild08");
        until(() -> server.ask(SimMapServer::ready));

        try (Socket socket = connect(charAt)) {
            socket.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3});
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }

        assertThat(charServer.ask(SimCharServer::mapServers)).isEqualTo(1);
    }

    @Test
    void refusedMapServerIsDead() throws IOException {
        mapServer("prt_fild08");
        mapServer("prt_fild07");
        until(() -> charServer.ask(SimCharServer::mapServers) == 2);

        SimMapServerTcp third = mapServer("prt_fild05");

        until(() -> third.ask(SimMapServer::dead));
    }

    @Test
    void optionsOfTheProcess() {
        Endpoint listen = Endpoint.of("127.0.0.1:5121");
        MapServerSettings settings = SimMapServerMain.settings(
                SimMapServerMain.parse(new String[] {
                    "--maps", "prt_fild08,prt_fild07", "--char", "10.0.0.1:6121", "--autosave-seconds", "5"
                }),
                listen);

        assertThat(settings.maps()).containsExactly("prt_fild08", "prt_fild07");
        assertThat(settings.charServer()).isEqualTo(Endpoint.of("10.0.0.1:6121"));
        assertThat(settings.announced()).isEqualTo(listen);
        assertThat(settings.autosave()).isEqualTo(Duration.ofSeconds(5));
        assertThatThrownBy(() -> SimMapServerMain.parse(new String[] {"--map", "x", "--seed"}))
                .hasMessageContaining("--map (expected")
                .hasMessageContaining("--seed (expected");
        assertThatThrownBy(() -> SimMapServerMain.settings(java.util.Map.of(), listen))
                .hasMessageContaining("--char");
    }
}
