package io.p2phost.dbproxy.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.dbproxy.suite.Haproxy;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.LoginAnswer;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.SimCharServer;
import io.p2phost.ro.sim.SimCharServerTcp;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import io.p2phost.testkit.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped configuration of HAProxy between map-servers' links and a char-server with two places. */
class CharServerForwarderIT {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(4);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final int multiplexerPort = freePort();
    private final int corePort = freePort();
    private final int charPort = freePort();

    @BeforeEach
    void haproxyIsThere() {
        Programs.require("haproxy");
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    /** A machine that is lost says nothing, nor does a process that is stopped: its place would be taken for ever. */
    @Test
    void silentMultiplexerLosesItsPlaceToTheNext() throws Exception {
        SimCharServerTcp charServer = charServer();
        forwarder();
        MapServerLink lost = login(multiplexerPort);
        MapServerLink core = login(corePort);
        assertThat(charServer.ask(SimCharServer::mapServers)).isEqualTo(2);
        Instant silentSince = Instant.now();

        MapServerLink successor = link(multiplexerPort);
        successor.login();
        assertThat(successor.answers(CharToMap.LOGIN_ANSWER, Duration.ofSeconds(2)))
                .as("one at a time: it is not refused, it waits")
                .isFalse();

        assertThat(successor.accepted(LONG)).isTrue();
        assertThat(Duration.between(silentSince, Instant.now())).isLessThan(SILENCE.multipliedBy(2));
        assertThat(lost.ended(LONG)).isTrue();
        assertThat(core.ended(LONG)).as("it was as silent").isTrue();
        MapServerLink cores = login(corePort);
        assertThat(charServer.ask(SimCharServer::mapServers)).isEqualTo(2);
        cores.close();
    }

    @Test
    void multiplexerThatKeepsAliveIsNotCut() throws Exception {
        SimCharServerTcp charServer = charServer();
        forwarder();
        MapServerLink link = login(multiplexerPort);
        Instant end = Instant.now().plus(SILENCE.multipliedBy(2));
        Instant next = Instant.now();
        while (Instant.now().isBefore(end)) {
            link.send(KeepAlive.request());
            assertThat(link.answers(CharToMap.KEEP_ALIVE_ANSWER, LONG)).isTrue();
            next = next.plus(KEEP_ALIVE);
            Instant due = next;
            await().pollDelay(Duration.ZERO).until(() -> Instant.now().isAfter(due));
        }
        assertThat(charServer.ask(SimCharServer::mapServers)).isEqualTo(1);
    }

    /** Its kernel takes what comes, long after the process has stopped. */
    @Test
    void silentMultiplexerIsCutThoughTheCharServerTalks() throws Exception {
        try (ServerSocket charServer = new ServerSocket(charPort, 5, InetAddress.getLoopbackAddress())) {
            forwarder();
            MapServerLink silent = link(multiplexerPort);
            silent.login();
            Socket accepted = speaking(charServer);
            Instant since = Instant.now();
            accepted.setSoTimeout(200);
            await().atMost(LONG).pollInterval(Duration.ofMillis(1)).until(() -> {
                accepted.getOutputStream().write(KeepAlive.answer().bytes());
                try {
                    return accepted.getInputStream().read(new byte[4096]) < 0;
                } catch (SocketTimeoutException e) {
                    return false;
                }
            });
            assertThat(Duration.between(since, Instant.now())).isLessThan(SILENCE.multipliedBy(2));
            accepted.close();
            assertThat(silent.ended(LONG)).isTrue();
        }
    }

    /** The first connection that says something; whoever only looked whether HAProxy listens does not. */
    private Socket speaking(ServerSocket charServer) throws IOException {
        while (true) {
            Socket accepted = charServer.accept();
            open.add(accepted);
            try {
                if (accepted.getInputStream().read() >= 0) {
                    return accepted;
                }
            } catch (SocketException e) {
                // Reset: it only looked.
            }
        }
    }

    @Test
    void charServerThatComesBackIsReachedAtOnce() throws Exception {
        forwarder();
        MapServerLink before = link(multiplexerPort);
        assertThat(before.ended(LONG)).isTrue();
        charServer();
        login(multiplexerPort);
    }

    // ---- the parts ----

    private SimCharServerTcp charServer() throws IOException {
        SimCharServerTcp charServer = new SimCharServerTcp(
                CharServerSettings.stock("s1", "p1", Endpoint.of("127.0.0.1:" + charPort))
                        .withAllowed(Set.of(0x7f00_0001)),
                new SimDatabase(),
                new SimLoginServer(Clock.systemUTC(), 1),
                Endpoint.of("127.0.0.1:0"),
                SimCharServerTcp.STOCK_BACKLOG);
        open.add(charServer);
        return charServer;
    }

    private void forwarder() throws IOException {
        // The core's port: a connection takes the only place of its listener for a moment.
        open.add(Haproxy.start(
                "char-server.cfg",
                Map.of(
                        "P2P_LISTEN",
                        "127.0.0.1",
                        "P2P_MULTIPLEXER_PORT",
                        String.valueOf(multiplexerPort),
                        "P2P_CORE_PORT",
                        String.valueOf(corePort),
                        "P2P_CHAR_SERVER",
                        "127.0.0.1:" + charPort),
                corePort));
    }

    /** Logs in, as often as the char-server is not ready. */
    private MapServerLink login(int port) {
        return await().atMost(LONG)
                .until(
                        () -> {
                            MapServerLink link = link(port);
                            link.login();
                            if (link.accepted(Duration.ofSeconds(2))) {
                                return link;
                            }
                            link.close();
                            return null;
                        },
                        Objects::nonNull);
    }

    private MapServerLink link(int port) throws IOException {
        MapServerLink link = new MapServerLink(port);
        open.add(link);
        return link;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One link as db-proxy has two. */
    private static final class MapServerLink implements AutoCloseable {
        private final Socket socket = new Socket();
        private final PacketFramer framer = InterLengths.fromCharServer();
        private final Deque<Packet> received = new ArrayDeque<>();
        private boolean over;

        MapServerLink(int port) throws IOException {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }

        void login() throws IOException {
            send(MapServerLogin.of("s1", "p1", 0x7f00_0001, 5121).packet());
        }

        void send(Packet packet) throws IOException {
            socket.getOutputStream().write(packet.bytes());
        }

        boolean accepted(Duration within) throws IOException {
            return answers(CharToMap.LOGIN_ANSWER, within) && new LoginAnswer(received.getLast()).accepted();
        }

        /** Reads until that packet is the last one received; false when it does not come. */
        boolean answers(int id, Duration within) throws IOException {
            Instant end = Instant.now().plus(within);
            received.clear();
            while (!over && Instant.now().isBefore(end)) {
                read(Duration.between(Instant.now(), end), id);
                if (!received.isEmpty() && received.getLast().id() == id) {
                    return true;
                }
            }
            return false;
        }

        boolean ended(Duration within) throws IOException {
            Instant end = Instant.now().plus(within);
            do {
                read(within, 0);
            } while (!over && Instant.now().isBefore(end));
            return over;
        }

        private void read(Duration within, int wanted) throws IOException {
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[4096];
            socket.setSoTimeout((int) Math.max(1, within.toMillis()));
            try {
                int count = in.read(bytes);
                if (count < 0) {
                    over = true;
                    return;
                }
                framer.feed(bytes, 0, count, packet -> {
                    if (wanted == 0 || packet.id() == wanted) {
                        received.add(packet);
                    }
                });
            } catch (SocketTimeoutException e) {
                // Nothing came.
            } catch (IOException e) {
                over = true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
