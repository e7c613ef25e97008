package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Epoch;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AddressLimits.Share;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.PlayerSettings.Form;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.Say;
import io.p2phost.ro.client.WalkRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile clients do to the front, over real sockets; each row of "public ports" in docs/threat-model.md. */
@ExtendWith(LeakGuard.class)
class FrontAttackTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    /** A map-server whose queue of connections is full. */
    private ServerSocket full;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    private FrontStand stand(Consumer<FrontStand.Limits> change) {
        FrontStand stand = new FrontStand(change);
        open.add(stand);
        return stand;
    }

    private FrontStand stand() {
        return stand(limits -> {});
    }

    private TestClient client(FrontStand stand, String from, int account) throws IOException {
        TestClient client = new TestClient(from, stand.port(), account);
        open.add(client);
        return client;
    }

    private TestClient client(FrontStand stand, int account) throws IOException {
        return client(stand, "127.0.0.1", account);
    }

    private TestClient inGame(FrontStand stand) throws IOException {
        TestClient player = client(stand, stand.player());
        play(player);
        return player;
    }

    private static void play(TestClient player) throws IOException {
        player.enter();
        player.await(MapToClient.ENTER_ACCEPTED);
        player.send(Packet.fixed(ClientToMap.MAP_LOADED, 2));
    }

    private static void nobodyIsLeft(FrontStand stand) {
        await().untilAsserted(() -> {
            assertThat(stand.front.connections()).isZero();
            assertThat(stand.front.entering()).isZero();
            assertThat(stand.players.size()).isZero();
        });
    }

    // ---- before the game ----

    @Test
    void whoSaysNothingIsCut() throws Exception {
        FrontStand stand = stand();
        Instant start = Instant.now();
        assertThat(client(stand, 1).isCut()).isTrue();
        assertThat(Duration.between(start, Instant.now()))
                .isBetween(FrontStand.FIRST_PACKET.dividedBy(2), FrontStand.FIRST_PACKET.multipliedBy(5));
        assertThat(stand.refused("slow")).isEqualTo(1);
        nobodyIsLeft(stand);
    }

    @Test
    void whoSpeaksByteByByteHasNoMoreTime() throws Exception {
        FrontStand stand = stand();
        TestClient slow = client(stand, stand.player());
        byte[] enter = enter(slow);
        Instant start = Instant.now();
        int sent = 0;
        try {
            for (; sent < enter.length - 1; sent++) {
                slow.write(enter[sent]);
                Instant next = start.plus(
                        FrontStand.FIRST_PACKET.multipliedBy(sent + 1).dividedBy(2));
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> Instant.now().isAfter(next));
            }
        } catch (SocketException e) {
            // Cut in the middle.
        }
        assertThat(sent).isLessThan(enter.length - 1);
        assertThat(stand.refused("slow")).isEqualTo(1);
        assertThat(stand.dbProxy.addresses).isEmpty();
        nobodyIsLeft(stand);
    }

    static Stream<byte[]> otherProtocols() {
        return Stream.of(
                HexFormat.of().parseHex("16030100c8010000c40303"),
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "SSH-2.0-OpenSSH_9.6\r\n".getBytes(StandardCharsets.US_ASCII),
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                HexFormat.of().parseHex("030000130ee000000000000100080003000000"),
                new byte[64],
                repeated(0xff, 64));
    }

    @ParameterizedTest
    @MethodSource("otherProtocols")
    void otherProtocolsAreCutAtOnceAndReachNobody(byte[] bytes) throws Exception {
        FrontStand stand = stand(limits -> limits.firstPacket = Duration.ofMinutes(1));
        TestClient stranger = client(stand, 1);
        stranger.write(bytes);
        assertThat(stranger.isCut()).isTrue();
        await().until(() -> stand.refused("wrong") == 1);
        assertThat(stand.dbProxy.addresses).isEmpty();
        assertThat(stand.server.entered).isEmpty();
        nobodyIsLeft(stand);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000, 1_000_000})
    void moreThanTheFirstPacketIsCutAtOnceAndReachesNobody(int more) throws Exception {
        FrontStand stand = stand();
        TestClient eager = client(stand, stand.player());
        assertThat(isCutBy(eager, concat(enter(eager), new byte[more]))).isTrue();
        await().until(() -> stand.refused("early") == 1);
        assertThat(stand.server.entered).isEmpty();
        nobodyIsLeft(stand);
    }

    @Test
    void packetsBeforeTheAnswerAreCutAndReachNobody() throws Exception {
        FrontStand stand = stand();
        stand.dbProxy.hold(true);
        TestClient eager = client(stand, stand.player());
        eager.enter();
        await().until(() -> stand.dbProxy.addresses.size() == 1);
        eager.say("too early");
        assertThat(eager.isCut()).isTrue();
        stand.dbProxy.hold(false);
        await().until(() -> stand.dbProxy.gone.size() == 1);
        assertThat(stand.refused("early")).isEqualTo(1);
        assertThat(stand.server.entered).isEmpty();
        nobodyIsLeft(stand);
    }

    // ---- in game ----

    static Stream<byte[]> impossiblePackets() {
        byte[] say = {(byte) ClientToMap.SAY, (byte) (ClientToMap.SAY >> 8)};
        return Stream.of(
                concat(say, new byte[] {0, 0, 1, 2, 3}),
                concat(say, new byte[] {1, 0, 1, 2, 3}),
                concat(say, new byte[] {2, 0, 1, 2, 3}),
                concat(say, new byte[] {3, 0, 1, 2, 3}),
                concat(new byte[] {0x5a, 0x7f}, repeated(7, 500)),
                concat(new byte[] {0, 0}, repeated(0, 500)));
    }

    /** He spoils his own stream: it goes on as it comes, and he cannot be moved any more. */
    @ParameterizedTest
    @MethodSource("impossiblePackets")
    void packetThatCannotBeSpoilsOnlyHisOwnStream(byte[] packet) throws Exception {
        FrontStand stand = stand();
        TestClient neighbour = inGame(stand);
        TestClient hostile = inGame(stand);
        assertThat(hostile.talk("x")).isEqualTo("reserve x");
        hostile.write(packet);
        await().until(() ->
                stand.meters.get("p2p_relay_opaque_streams_total").counter().count() == 1);
        assertThat(neighbour.talk("y")).isEqualTo("reserve y");
        hostile.reset();
        neighbour.close();
        nobodyIsLeft(stand);
    }

    /** The longest packet that a header can announce is 64 KiB: so much of it may wait for its end, and no more. */
    @Test
    void hugePacketThatNeverEndsCostsItsOwnLengthOnly() throws Exception {
        FrontStand stand = stand();
        TestClient neighbour = inGame(stand);
        TestClient hostile = inGame(stand);
        byte[] say = {(byte) ClientToMap.SAY, (byte) (ClientToMap.SAY >> 8), (byte) 0xff, (byte) 0xff};
        hostile.write(concat(say, repeated('x', 0xffff - 5)));
        assertThat(neighbour.talk("y")).isEqualTo("reserve y");
        assertThat(stand.server.players()).isEqualTo(2);
        hostile.reset();
        neighbour.close();
        nobodyIsLeft(stand);
    }

    @Test
    void floodOfSmallPacketsIsReadSlowerAndNobodyElseNotices() throws Exception {
        FrontStand stand = stand();
        TestClient neighbour = inGame(stand);
        TestClient hostile = inGame(stand);
        byte[] small = Packet.fixed(ClientToMap.TIME_REQUEST, 6).bytes();
        byte[] many = new byte[small.length * 5_000];
        for (int i = 0; i < 5_000; i++) {
            System.arraycopy(small, 0, many, i * small.length, small.length);
        }
        hostile.write(many);
        await().until(() -> stand.slowed() >= 1);
        assertThat(neighbour.talk("y")).isEqualTo("reserve y");
    }

    /** 30 at once, one a second, as the stand has it. */
    @Test
    void floodOfStepsDoesNotReachTheMapServer() throws Exception {
        FrontStand stand = stand();
        TestClient hostile = inGame(stand);
        byte[] step = WalkRequest.of(3, 4).packet().bytes();
        byte[] many = new byte[step.length * 500];
        for (int i = 0; i < 500; i++) {
            System.arraycopy(step, 0, many, i * step.length, step.length);
        }
        hostile.write(many);
        assertThat(hostile.talk("y")).as("all else passes").isEqualTo("reserve y");
        assertThat(stand.server.walks.get()).isBetween(30, 60);
        assertThat(stand.server.walks.get() + stand.tooMany("move")).isEqualTo(500);
    }

    @Test
    void floodOfBytesFillsHisOwnSocketOnly() throws Exception {
        FrontStand stand = stand();
        TestClient neighbour = inGame(stand);
        TestClient hostile = inGame(stand);
        byte[] line = Say.of("me", "x".repeat(200)).packet().bytes();
        Thread flood = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    hostile.write(line);
                }
            } catch (IOException e) {
                // Over.
            }
        });
        await().until(() -> stand.slowed() >= 1);
        for (int i = 0; i < 20; i++) {
            assertThat(neighbour.talk("y")).isEqualTo("reserve y");
        }
        hostile.reset();
        flood.join();
    }

    /** His map-server stops, what waits for him is bounded, and he is cut when he has taken nothing for long enough. */
    @Test
    void whoNeverReadsIsCutAndCostsABoundedBuffer() throws Exception {
        FrontStand stand = stand(limits -> limits.stalled = Duration.ofSeconds(1));
        TestClient neighbour = inGame(stand);
        TestClient deaf = inGame(stand);
        deaf.say(MapServerStand.FLOOD);
        await().until(() -> stand.dropped("slow_receiver") == 1);
        assertThat(stand.server.sent.get()).as("sockets' buffers and 64 KiB").isLessThan(30_000_000);
        assertThat(neighbour.talk("y")).isEqualTo("reserve y");
        await().until(() -> stand.front.connections() == 1 && stand.server.players() == 1);
    }

    /** The relay's own answers do not stop for somebody who does not read them: their amount does. */
    @Test
    void answersThatNobodyReadsAreBounded() throws Exception {
        FrontStand stand = stand(limits -> limits.pending = 100_000);
        TestClient deaf = inGame(stand);
        deaf.say(MapServerStand.FLOOD);
        await().until(() -> stand.server.sent.get() > 100_000);
        long[] last = {0};
        await().during(Duration.ofSeconds(1)).until(() -> last[0] == (last[0] = stand.server.sent.get()));
        // Nobody says where he goes on, so that he stays with the relay.
        stand.dbProxy.hold(true);
        stand.server.dropPlayers();
        byte[] time = Packet.fixed(ClientToMap.TIME_REQUEST, 6).bytes();
        await().until(() -> {
            try {
                for (int i = 0; i < 2_000; i++) {
                    deaf.write(time);
                }
                return false;
            } catch (SocketException e) {
                return true;
            }
        });
        assertThat(stand.dropped("slow_receiver")).isEqualTo(1);
        nobodyIsLeft(stand);
    }

    @Test
    void lastWordsWaitForNobodyWhoDoesNotRead() throws Exception {
        FrontStand stand = stand();
        int account = stand.player();
        TestClient deaf = client(stand, account);
        play(deaf);
        deaf.say(MapServerStand.FLOOD);
        await().until(() -> stand.server.sent.get() > 5_000_000);
        stand.players.kick(account, 1).join();
        nobodyIsLeft(stand);
    }

    enum When {
        CONNECTED,
        HALF_A_PACKET,
        ASKING,
        ENTERING,
        PLAYING,
        ALONE,
        MOVED,
        /** His map-server does not accept. */
        DIALLING,
        /** His client does not know yet that another map-server is asked. */
        SPLICED,
        /** Nobody here can read him. */
        PROTECTED
    }

    private TestClient at(When when, FrontStand stand) throws Exception {
        TestClient client = client(stand, stand.player());
        switch (when) {
            case DIALLING -> {
                stand.dbProxy.known.put(client.account, stand.to(full.getLocalPort(), 1));
                client.enter();
                awaitPhase(stand, client, "DIALLING");
            }
            case SPLICED -> {
                play(client);
                stand.server.mute = true;
                assertThat(stand.players
                                .rehome(
                                        client.account,
                                        stand.to(stand.server.endpoint().getPort(), 2))
                                .get(30, TimeUnit.SECONDS))
                        .isTrue();
                awaitPhase(stand, client, "ENTERING");
                await().until(() -> stand.server.players() == 1);
            }
            case PROTECTED -> {
                client.write((byte) 0x7f, (byte) 0x45, (byte) 0x4c);
                await().until(() ->
                        stand.meters.get("p2p_relay_protected_players").gauge().value() == 1);
            }
            case CONNECTED -> await().until(() -> stand.front.connections() == 1);
            case HALF_A_PACKET -> client.write(Arrays.copyOf(enter(client), 7));
            case ASKING -> {
                stand.dbProxy.hold(true);
                client.enter();
                await().until(() -> stand.dbProxy.addresses.size() == 1);
            }
            case ENTERING -> {
                stand.server.mute = true;
                client.enter();
                await().until(() -> stand.server.players() == 1);
            }
            case PLAYING -> play(client);
            case MOVED -> {
                play(client);
                Destination to = stand.dbProxy.known.get(client.account);
                stand.players
                        .rehome(
                                client.account,
                                new Destination(to.owner(), to.map(), Epoch.of(2), 9_002, 2, to.x(), to.y()))
                        .get(30, TimeUnit.SECONDS);
                client.await(MapToClient.SERVER_MOVE);
            }
            case ALONE -> {
                play(client);
                stand.server.dropPlayers();
                await().until(() ->
                        stand.meters.get("p2p_relay_players_alone").gauge().value() == 1);
            }
        }
        return client;
    }

    private static void awaitPhase(FrontStand stand, TestClient client, String phase) {
        await().until(() -> stand.players
                .about(client.account)
                .get(30, TimeUnit.SECONDS)
                .filter(view -> view.phase().equals(phase))
                .isPresent());
    }

    private FrontStand standFor(When when) throws IOException {
        if (when == When.DIALLING) {
            // Whoever comes now is kept waiting by the kernel.
            full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            open.add(full);
            for (int i = 0; i < 2; i++) {
                open.add(new Socket(InetAddress.getLoopbackAddress(), full.getLocalPort()));
            }
        }
        return stand(limits -> {
            limits.firstPacket = Duration.ofMinutes(1);
            limits.form = when == When.SPLICED ? Form.SPLICE : Form.SERVER_MOVE;
            limits.takesProtected = when == When.PROTECTED;
        });
    }

    @ParameterizedTest
    @EnumSource(When.class)
    void resetLeavesNothingBehind(When when) throws Exception {
        FrontStand stand = standFor(when);
        at(when, stand).reset();
        stand.dbProxy.hold(false);
        nobodyIsLeft(stand);
        await().until(() -> stand.server.players() == 0);
        // Of whom it has not let in it need not know, nor of whom it told itself to connect again.
        boolean told = when.compareTo(When.ASKING) >= 0 && when != When.MOVED && when != When.PROTECTED;
        await().during(Duration.ofMillis(300)).until(() -> stand.dbProxy.gone.size() == (told ? 1 : 0));
    }

    @ParameterizedTest
    @EnumSource(When.class)
    void halfAnEndIsAWholeOne(When when) throws Exception {
        FrontStand stand = standFor(when);
        TestClient client = at(when, stand);
        client.socket.shutdownOutput();
        assertThat(client.isCut()).isTrue();
        stand.dbProxy.hold(false);
        nobodyIsLeft(stand);
        await().until(() -> stand.server.players() == 0);
    }

    // ---- many ----

    @Test
    void oneAddressHasItsShareAndOthersComeIn() throws Exception {
        FrontStand stand = stand(limits -> {
            limits.address = new Share(5, 10_000, 10_000);
            limits.firstPacket = Duration.ofMinutes(1);
        });
        for (int i = 0; i < 50; i++) {
            client(stand, "127.0.9.1", 1);
        }
        await().until(() -> stand.dropped("address_limit") == 45);
        assertThat(stand.front.connections()).isEqualTo(5);
        play(client(stand, "127.0.9.2", stand.player()));
    }

    @Test
    void oneAddressConnectsOnlySoOften() throws Exception {
        FrontStand stand = stand(limits -> limits.address = new Share(100, 0.001, 10));
        for (int i = 0; i < 30; i++) {
            client(stand, "127.0.9.1", 1).reset();
        }
        await().until(() -> stand.dropped("address_rate") == 20);
        play(client(stand, "127.0.9.2", stand.player()));
    }

    @Test
    void oneNetworkHasItsShareWhateverAddressesItComesFrom() throws Exception {
        FrontStand stand = stand(limits -> {
            limits.network = new Share(20, 10_000, 10_000);
            limits.firstPacket = Duration.ofMinutes(1);
        });
        for (int i = 1; i <= 60; i++) {
            client(stand, "127.0.9." + i, 1);
        }
        await().until(() -> stand.dropped("network_limit") == 40);
        play(client(stand, "127.0.10.1", stand.player()));
    }

    /** From a thousand networks at once: the longest silent go, and whoever really enters gets in. */
    @Test
    void floodFromVeryManyAddressesLetsNewcomersInAndPlayersPlay() throws Exception {
        FrontStand stand = stand(limits -> {
            limits.entering = 50;
            limits.firstPacket = Duration.ofMinutes(1);
        });
        TestClient before = inGame(stand);
        for (int i = 0; i < 500; i++) {
            client(stand, "127." + (1 + i / 100) + "." + i % 100 + ".1", 1);
        }
        for (int i = 0; i < 5; i++) {
            TestClient newcomer = client(stand, "127.40.0." + (i + 1), stand.player());
            play(newcomer);
            assertThat(newcomer.talk("in")).isEqualTo("reserve in");
        }
        assertThat(before.talk("still")).isEqualTo("reserve still");
        await().until(() -> stand.dropped("made_room") >= 450);
        assertThat(stand.front.entering()).isLessThanOrEqualTo(50);
        await().until(() -> stand.front.connections() <= 56);
    }

    @Test
    void fullTableOfAddressesRefusesStrangersOnly() throws Exception {
        FrontStand stand = stand(limits -> {
            limits.addresses = 20;
            limits.firstPacket = Duration.ofMinutes(1);
        });
        TestClient before = inGame(stand);
        for (int i = 0; i < 40; i++) {
            client(stand, "127.1." + i + ".1", 1);
        }
        await().until(() -> stand.dropped("address_table_full") == 21);
        assertThat(stand.front.addresses()).isEqualTo(20);
        assertThat(before.talk("still")).isEqualTo("reserve still");
        play(client(stand, stand.player()));
    }

    @Test
    void allowedAddressesHaveNoShareAndDeniedOnesComeNotIn() throws Exception {
        FrontStand stand = stand(limits -> {
            limits.address = new Share(1, 1, 1);
            limits.network = new Share(1, 1, 1);
            limits.questions = new AddressLimits.Rules(10, 1, 1, 1, 10);
            limits.allow = List.of("127.0.20.0/24");
            limits.deny = List.of("127.0.20.66", "127.0.30.0/24");
        });
        for (int i = 0; i < 20; i++) {
            play(client(stand, "127.0.20." + (1 + i % 2), stand.player()));
        }
        assertThat(client(stand, "127.0.20.66", 1).isCut()).isTrue();
        assertThat(client(stand, "127.0.30.5", 1).isCut()).isTrue();
        assertThat(stand.dropped("denied")).isEqualTo(2);
        assertThat(stand.players.size()).isEqualTo(20);
    }

    // ---- logins ----

    @Test
    void wrongLoginsOfOneAddressWaitAndOthersDoNot() throws Exception {
        FrontStand stand = stand(limits -> limits.questions = new AddressLimits.Rules(100, 5, 0.001, 10, 100));
        for (int i = 0; i < 10; i++) {
            TestClient guess = client(stand, "127.0.9.1", 1 + i);
            guess.enter();
            assertThat(guess.isCut()).isTrue();
        }
        TestClient next = client(stand, "127.0.9.1", 99);
        next.enter();
        await().until(() -> stand.deferred() >= 2);
        assertThat(stand.dbProxy.addresses).hasSize(10);
        play(client(stand, "127.0.9.2", stand.player()));
    }

    /** While db-proxy does not answer, newcomers have so many questions there; players in game have their own. */
    @Test
    void questionsAboutNewcomersAreBoundedAndPlayersInGameDoNotNotice() throws Exception {
        FrontStand stand = stand(limits -> limits.questions = new AddressLimits.Rules(8, 8, 1_000, 1_000, 100));
        TestClient player = inGame(stand);
        assertThat(player.talk("x")).isEqualTo("reserve x");
        stand.dbProxy.hold(true);
        for (int i = 0; i < 40; i++) {
            client(stand, "127." + (1 + i) + ".0.1", 500 + i).enter();
        }
        await().until(() -> stand.deferred() >= 32);
        assertThat(stand.dbProxy.atOnce.get()).isEqualTo(8);
        assertThat(stand.dbProxy.mostAtOnce.get()).isEqualTo(8);

        stand.server.dropPlayers();
        await().until(() -> stand.dbProxy.atOnce.get() == 9);
        stand.dbProxy.hold(false);
        player.await(MapToClient.SERVER_MOVE);
    }

    /** db-proxy does not let him in: then the player whose packet it is notices nothing. */
    @Test
    void replayOfAPlayersFirstPacketDoesNotTouchHim() throws Exception {
        FrontStand stand = stand();
        int account = stand.player();
        TestClient player = client(stand, account);
        play(player);
        stand.dbProxy.known.remove(account);
        TestClient replay = client(stand, "127.0.9.1", account);
        replay.enter();
        assertThat(replay.isCut()).isTrue();
        assertThat(player.talk("still")).isEqualTo("reserve still");
        assertThat(stand.players.size()).isEqualTo(1);
        assertThat(stand.dbProxy.gone).isEmpty();
    }

    @Test
    void secondConnectionOfAnAccountEndsTheFirstOnceItIsLetIn() throws Exception {
        FrontStand stand = stand();
        int account = stand.player();
        TestClient first = client(stand, account);
        play(first);
        stand.dbProxy.hold(true);
        TestClient second = client(stand, account);
        second.enter();
        await().until(() -> stand.dbProxy.atOnce.get() == 1);
        assertThat(first.talk("still")).isEqualTo("reserve still");
        stand.dbProxy.hold(false);
        second.await(MapToClient.ENTER_ACCEPTED);
        assertThat(first.isCut()).isTrue();
        assertThat(stand.players.size()).isEqualTo(1);
    }

    private static byte[] enter(TestClient client) {
        return Enter.of(client.account, 150_000, 4_711, 1, 1).packet().bytes();
    }

    private static boolean isCutBy(TestClient client, byte[] bytes) throws IOException {
        try {
            client.write(bytes);
        } catch (SocketException e) {
            return true;
        }
        return client.isCut();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] repeated(int value, int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
