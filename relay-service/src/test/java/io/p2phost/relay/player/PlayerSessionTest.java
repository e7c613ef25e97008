package io.p2phost.relay.player;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.player.FakeWorld.FakeClient;
import io.p2phost.relay.player.FakeWorld.FakeServer;
import io.p2phost.relay.player.PlayerSettings.Form;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientIds;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.ColouredLine;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.EnterAccepted;
import io.p2phost.ro.client.MapChange;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.OwnLine;
import io.p2phost.ro.client.Refused;
import io.p2phost.ro.client.Say;
import io.p2phost.ro.client.ServerMove;
import io.p2phost.ro.client.ServerTime;
import io.p2phost.ro.client.TimeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakGuard.class)
class PlayerSessionTest {
    private static final int ACCOUNT = 2_000_001;
    private static final Packet ENTER = Enter.of(ACCOUNT, 150_001, 4_711, 1, 1).packet();
    private static final Packet SEEN = Packet.fixed(MapToClient.ENTER_SEEN, 6).u32(2, ACCOUNT);
    private static final Packet LET_IN = Packet.fixed(MapToClient.ENTER_ACCEPTED, 13)
            .u32(2, 5_000)
            // 100, 80, facing 4, in three bytes.
            .bytes(6, new byte[] {25, 5, 4});
    private static final Packet LOADED = Packet.fixed(ClientToMap.MAP_LOADED, 2);
    private static final Packet LINE = OwnLine.of("hello").packet();
    private static final Packet TIME = ServerTime.of(5_100).packet();

    private final FakeWorld world = new FakeWorld();

    private FakeClient client(Form form) {
        return world.new FakeClient(form);
    }

    /** In game at alpha's, with session number 1. */
    private FakeClient playing(Form form) {
        FakeClient client = client(form);
        client.send(ENTER);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 0));
        world.server().connect().say(SEEN, LET_IN);
        client.send(LOADED);
        world.server().say(TIME);
        assertThat(client.ids()).containsExactly(SEEN.id(), LET_IN.id(), TIME.id());
        client.seen.clear();
        world.server().received.clear();
        return client;
    }

    // ---- other clients ----

    @Test
    void clientThatShufflesIdsIsReadByItsOwnAndItsServerToo() {
        ClientIds ids = ClientIds.of(Map.of("enter", "0941", "time-request", "0887", "restart", "08a5"));
        PacketLengths lengths = new PacketLengths(
                "shuffled",
                Map.of(
                        0x0941,
                        19,
                        0x0887,
                        6,
                        0x08a5,
                        3,
                        ClientToMap.MAP_LOADED,
                        2,
                        ClientToMap.ENTER,
                        12,
                        MapToClient.ENTER_SEEN,
                        6,
                        MapToClient.ENTER_ACCEPTED,
                        13,
                        MapToClient.TIME,
                        6));
        FakeClient client = world.new FakeClient(lengths, ids, null, Form.SPLICE);
        byte[] enter = ENTER.copyAs(0x0941).bytes();
        client.sendBytes(enter);
        assertThat(world.asked.getFirst().enter().loginId1()).isEqualTo(4_711);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 0));
        FakeServer server = world.server().connect();
        assertThat(server.rawBytes()).startsWith((byte) 0x41, (byte) 0x09);
        server.rawBytes().clear();
        server.say(SEEN, LET_IN);
        client.send(LOADED);
        client.sendBytes((byte) 0x87, (byte) 0x08, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
        // What others call so is another packet here.
        client.sendBytes(
                ENTER.copy().bytes()[0],
                ENTER.bytes()[1],
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0);
        assertThat(server.rawBytes()).hasSize(2 + 6 + 12);

        server.rawBytes().clear();
        client.sendBytes((byte) 0xa5, (byte) 0x08, (byte) 1);
        assertThat(world.signals).contains("restart " + ACCOUNT + " 1");
        world.restarts.getLast().run();
        assertThat(server.rawBytes()).containsExactly((byte) 0xa5, (byte) 0x08, (byte) 1);

        // Alone, the relay answers its time request.
        server.end();
        client.newIds();
        client.sendBytes((byte) 0x87, (byte) 0x08, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
        assertThat(client.newIds()).containsExactly(MapToClient.TIME);
    }

    /** From 2021-11-03 on: its map-server gets the same bytes, with the other login. */
    @Test
    void clientThatEntersWithALongerPacketIsLetInAndMoved() {
        PacketLengths lengths = new PacketLengths(
                "client 20211103",
                Map.of(
                        ClientToMap.ENTER,
                        Enter.LONG_LENGTH,
                        ClientToMap.MAP_LOADED,
                        2,
                        MapToClient.ENTER_SEEN,
                        6,
                        MapToClient.ENTER_ACCEPTED,
                        13,
                        MapToClient.TIME,
                        6));
        FakeClient client = world.new FakeClient(lengths, ClientIds.STANDARD, null, Form.SPLICE);
        Packet longer = Packet.fixed(ClientToMap.ENTER, Enter.LONG_LENGTH)
                .u32(2, ACCOUNT)
                .u32(6, 150_001)
                .u32(10, 4_711)
                .u32(18, 0x01020304)
                .u8(22, 1);
        for (byte each : longer.bytes()) {
            assertThat(world.asked).isEmpty();
            client.sendBytes(each);
        }
        assertThat(world.asked.getFirst().enter().sex()).isEqualTo(1);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 0));
        for (int server = 1; server <= 2; server++) {
            world.server().connect();
            assertThat(world.server().rawBytes())
                    .isEqualTo(boxed(new Enter(longer.copy())
                            .loginId1(7_000 + server)
                            .packet()
                            .bytes()));
            world.server().say(SEEN, LET_IN);
            client.send(LOADED);
            rehome(FakeWorld.to(FakeWorld.BETA, 2));
        }
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> all = new ArrayList<>();
        for (byte each : bytes) {
            all.add(each);
        }
        return all;
    }

    /** Of 2014-10-22 to 2016-03-29: what lets it in has another id. */
    @Test
    void clientOfTheYearsWithAnotherWordIsLetIn() {
        PacketLengths lengths = new PacketLengths(
                "client 20151029",
                Map.of(
                        ClientToMap.ENTER,
                        19,
                        ClientToMap.MAP_LOADED,
                        2,
                        MapToClient.ENTER_SEEN,
                        6,
                        EnterAccepted.ID_2014,
                        14,
                        MapToClient.TIME,
                        6));
        FakeClient client = world.new FakeClient(lengths, ClientIds.STANDARD, null, Form.SERVER_MOVE);
        client.send(ENTER);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 0));
        world.server().connect().say(SEEN, Packet.fixed(EnterAccepted.ID_2014, 14));
        client.send(LOADED);
        assertThat(client.inGame).isTrue();
        assertThat(world.events).containsExactly("entered");
    }

    @Test
    void clientWhoseStreamCannotBeReadGoesToTheReserveAsItIs() {
        Destination reserve = new Destination(
                Owner.vps("reserve", "127.0.0.1:5121"), MapName.of("protected"), Epoch.NONE, 0, 0, 0, 0);
        FakeClient client = world.new FakeClient(FakeWorld.LENGTHS, ClientIds.STANDARD, reserve, Form.SPLICE);
        client.readsRaw();
        client.sendBytes((byte) 0xfe, (byte) 0xed, (byte) 7);
        assertThat(world.asked).isEmpty();
        assertThat(client.reading).as("until its server is there").isFalse();
        FakeServer server = world.server();
        assertThat(server.to.owner().address()).isEqualTo("127.0.0.1:5121");
        server.connect();
        assertThat(client.reading).isTrue();
        assertThat(server.rawBytes()).containsExactly((byte) 0xfe, (byte) 0xed, (byte) 7);

        client.sendBytes((byte) 8);
        assertThat(client.inGame).as("before his server has said anything").isFalse();
        server.sayBytes((byte) 9, (byte) 10);
        assertThat(client.inGame).isTrue();
        assertThat(server.rawBytes()).endsWith((byte) 8);
        assertThat(client.rest).containsExactly((byte) 9, (byte) 10);
        assertThat(world.events).containsExactly("unreadable");

        server.writable = false;
        client.sendBytes((byte) 11);
        assertThat(client.reading).as("a server that takes no more").isFalse();
        server.writable = true;
        server.becomeWritable();
        assertThat(client.reading).isTrue();
        client.writable = false;
        server.sayBytes((byte) 12);
        assertThat(server.reading).as("a client that takes no more").isFalse();
        client.writable = true;
        client.session.clientWritable();
        assertThat(server.reading).isTrue();

        server.end();
        assertThat(client.closed).isTrue();
        assertThat(world.events).containsExactly("unreadable", "unreadable no more");
        assertThat(world.signals).isEmpty();
    }

    @Test
    void clientWhoseStreamCannotBeReadIsLetGoWithoutTheReserveAndLeavesItWhenItGoes() {
        Destination reserve = new Destination(
                Owner.vps("reserve", "127.0.0.1:5121"), MapName.of("protected"), Epoch.NONE, 0, 0, 0, 0);
        FakeClient inVain = world.new FakeClient(FakeWorld.LENGTHS, ClientIds.STANDARD, reserve, Form.SPLICE);
        inVain.sendBytes((byte) 0xfe, (byte) 0xed);
        world.server().fail();
        assertThat(inVain.closed).isTrue();

        FakeClient client = world.new FakeClient(FakeWorld.LENGTHS, ClientIds.STANDARD, reserve, Form.SPLICE);
        client.sendBytes((byte) 0xfe, (byte) 0xed);
        world.server().connect();
        client.leave();
        assertThat(world.server().closed).isTrue();
    }

    // ---- entering ----

    @Test
    void dbProxyIsAskedBeforeAnythingReachesAServerAndThePseudonymIsWrittenIn() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        assertThat(world.dialled).isEmpty();
        assertThat(world.asked.getFirst().clientIp()).isEqualTo("192.0.2.7");
        assertThat(world.asked.getFirst().enter().loginId1()).isEqualTo(4_711);

        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 0));
        FakeServer server = world.server().connect();
        assertThat(server.account).isEqualTo(ACCOUNT);
        Enter first = new Enter(server.received.getFirst());
        assertThat(first.loginId1()).isEqualTo(7_001);
        assertThat(first.accountId()).isEqualTo(ACCOUNT);
        assertThat(server.received).hasSize(1);
    }

    @Test
    void firstPacketMayComeInPieces() {
        FakeClient client = client(Form.SERVER_MOVE);
        for (byte each : ENTER.bytes()) {
            client.sendBytes(each);
        }
        assertThat(world.asked).hasSize(1);
    }

    @Test
    void whoSendsNothingSomethingElseOrTooMuchIsCut() {
        FakeClient silent = client(Form.SERVER_MOVE);
        world.pass(Duration.ofSeconds(5));
        FakeClient http = client(Form.SERVER_MOVE);
        http.sendBytes((byte) 'G', (byte) 'E', (byte) 'T');
        FakeClient eager = client(Form.SERVER_MOVE);
        byte[] two = Arrays.copyOf(ENTER.bytes(), ENTER.length() + 2);
        eager.sendBytes(two);
        FakeClient early = client(Form.SERVER_MOVE);
        early.send(ENTER, LOADED);

        assertThat(List.of(silent.closed, http.closed, eager.closed, early.closed))
                .containsOnly(true);
        assertThat(world.events)
                .containsExactly("turned away SLOW", "turned away WRONG", "turned away EARLY", "turned away EARLY");
        assertThat(world.dialled).isEmpty();
        assertThat(world.signals).isEmpty();
    }

    @Test
    void unknownLoginIsToldSoAndAwayForAMomentIsAskedAgain() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        world.answer(new Entry.Refused(8, "still there"));
        world.pass(Duration.ofSeconds(1));
        world.answer(new Entry.Silent("away"));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.asked).hasSize(3);
        assertThat(client.closed).isFalse();

        world.answer(new Entry.Refused(0, "unknown"));
        assertThat(new Refused(client.seen.getFirst()).reason()).isZero();
        assertThat(client.closed).isTrue();
    }

    @Test
    void answerThatDiedIsAskedForAgainAndNobodyWaitsForEver() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        world.pass(Duration.ofSeconds(8));
        assertThat(world.asked).hasSize(2);

        world.pass(Duration.ofMinutes(2));
        assertThat(client.closed).isTrue();
        assertThat(new Refused(client.seen.getFirst()).reason()).isEqualTo(Refused.SERVER_CLOSED);
        assertThat(world.events).contains("given up");
    }

    @Test
    void anAnswerForAConnectionThatHasEndedDoesNotEndTheOneHeCameBackOn() {
        FakeClient first = client(Form.SERVER_MOVE);
        first.send(ENTER);
        first.leave();
        FakeClient second = client(Form.SERVER_MOVE);
        second.send(ENTER);
        world.asked.get(1).answer().accept(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 3), 0));

        world.asked.get(0).answer().accept(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 4), 0));

        assertThat(world.signals).isEmpty();
        assertThat(second.closed).isFalse();
        assertThat(world.dialled).hasSize(1);
    }

    @Test
    void whoLeavesWhileHeIsLetInIsToldToDbProxy() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        client.leave();
        assertThat(world.signals).isEmpty();

        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 3), 0));
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 3");
        assertThat(world.dialled).isEmpty();
    }

    /** A host may hear of its map a moment after the map's players have come to it. */
    @Test
    void serverThatWasNotReachedIsAskedAboutSoonAndLaterEverySecond() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        List<Integer> pauses = List.of(50, 100, 200, 400, 800, 1_000, 1_000);
        for (int i = 0; i < pauses.size(); i++) {
            world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, i + 1), 0));
            world.server().fail();
            world.pass(Duration.ofMillis(pauses.get(i) - 1));
            assertThat(world.asked).hasSize(i + 1);
            world.pass(Duration.ofMillis(1));
            assertThat(world.asked).hasSize(i + 2);
        }
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 8), 0));
        world.server().connect().say(SEEN, LET_IN);
        assertThat(client.ids()).containsExactly(SEEN.id(), LET_IN.id());

        rehome(FakeWorld.to(FakeWorld.BETA, 9));
        assertThat(client.ids()).contains(MapToClient.SERVER_MOVE);
    }

    @Test
    void serverThatCannotBeReachedSaysNothingOrRefusesLeadsToAnotherQuestion() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 0));
        world.server().fail();
        world.pass(Duration.ofSeconds(1));
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 2), 0));
        FakeServer dumb = world.server().connect();
        world.pass(Duration.ofSeconds(11));
        assertThat(dumb.closed).isTrue();
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 3), 0));
        world.server().connect().say(SEEN, Refused.of(0).packet());
        world.pass(Duration.ofSeconds(1));
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.BETA, 4), 0));
        world.server().connect().say(SEEN, LET_IN);

        assertThat(client.ids()).as("seen once, refusals never").containsExactly(SEEN.id(), LET_IN.id());
        assertThat(world.asked).hasSize(4);
        assertThat(world.events).containsExactly("entered");
    }

    @Test
    void ownerThatDiesBeforeItLetsHimInIsReplacedByTheNext() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 0));
        world.server().connect().say(SEEN);
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        world.server().connect().say(SEEN, LET_IN);

        assertThat(world.dialled.getFirst().closed).isTrue();
        assertThat(client.ids()).containsExactly(SEEN.id(), LET_IN.id());
        assertThat(new Enter(world.server().received.getFirst()).loginId1()).isEqualTo(7_002);
    }

    @Test
    void newerConnectionOfAPlayerEndsTheOneBeforeOnceItIsLetIn() {
        FakeClient first = playing(Form.SERVER_MOVE);
        FakeClient second = client(Form.SERVER_MOVE);
        second.send(ENTER);
        assertThat(first.closed).as("anybody may claim to be him").isFalse();

        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.BETA, 2), 0));
        assertThat(first.closed).isTrue();
        assertThat(world.signals).isEmpty();
        assertThat(world.players.size()).isEqualTo(1);
    }

    @Test
    void clientVersionThatEntersWithAnotherPacketIsRefused() {
        PacketLengths other = new PacketLengths("client 20211103", Map.of(ClientToMap.ENTER, 24));
        assertThatThrownBy(() -> new PlayerSettings(
                        other,
                        Form.SERVER_MOVE,
                        1,
                        1,
                        new PlayerSettings.Flow(1, 1, 1, 1, Map.of()),
                        PlayerSettings.Timing.USUAL))
                .hasMessage(
                        "client 20211103: packet 0436 has 24 bytes (expected: 19 or 23, or its players cannot be let in)");
    }

    // ---- in game ----

    @ParameterizedTest
    @EnumSource(Form.class)
    void everythingPassesInWholePacketsBothWays(Form form) {
        FakeClient client = playing(form);
        FakeServer server = world.server();
        byte[] lines = concat(LINE, TIME, LINE, LINE);
        for (byte each : lines) {
            server.sayBytes(each);
        }
        server.sayBytes(lines);
        client.send(LOADED, Packet.fixed(ClientToMap.TIME_REQUEST, 6));

        assertThat(client.ids())
                .containsExactly(
                        LINE.id(), TIME.id(), LINE.id(), LINE.id(), LINE.id(), TIME.id(), LINE.id(), LINE.id());
        assertThat(server.ids()).containsExactly(LOADED.id(), ClientToMap.TIME_REQUEST);
    }

    private static byte[] concat(Packet... packets) {
        byte[] all = new byte[0];
        for (Packet packet : packets) {
            int had = all.length;
            all = Arrays.copyOf(all, had + packet.length());
            System.arraycopy(packet.bytes(), 0, all, had, packet.length());
        }
        return all;
    }

    @Test
    void halfAPacketOfADeadServerNeverReachesTheClient() {
        FakeClient client = playing(Form.SPLICE);
        world.server().sayBytes(LINE.bytes());
        world.server().sayBytes(Arrays.copyOf(LINE.bytes(), 5));
        world.server().end();
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        world.server().connect().say(SEEN, LET_IN);

        assertThat(client.ids()).containsExactly(LINE.id(), MapToClient.TIME, MapToClient.MAP_CHANGE);
    }

    @Test
    void slowReaderStopsHisServerAndASlowServerStopsHisClient() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.writable = false;
        world.server().say(LINE);
        assertThat(world.server().reading).isFalse();
        client.writable = true;
        client.session.clientWritable();
        assertThat(world.server().reading).isTrue();

        world.server().writable = false;
        client.send(LOADED);
        assertThat(client.reading).isFalse();
        world.server().becomeWritable();
        assertThat(client.reading).isTrue();
    }

    @Test
    void characterSelectIsToldToDbProxyBeforeTheServerHearsOfIt() {
        FakeClient client = playing(Form.SERVER_MOVE);
        Packet restart = Packet.fixed(ClientToMap.RESTART, 3).u8(2, 1);
        client.send(restart);
        assertThat(world.signals).containsExactly("restart " + ACCOUNT + " 1");
        assertThat(world.server().ids()).isEmpty();
        assertThat(client.reading).as("nothing overtakes it").isFalse();

        world.restarts.getFirst().run();
        assertThat(world.server().ids()).containsExactly(ClientToMap.RESTART);
        assertThat(client.reading).isTrue();
    }

    // ---- who gives something away ----

    private static Packet drop(int index) {
        return Packet.fixed(ClientToMap.DROP, 6).u16(2, index).u16(4, 1);
    }

    @Test
    void whatHeGivesIsToldToDbProxyBeforeTheServerHearsOfIt() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.send(drop(2), drop(3));
        assertThat(world.signals).containsExactly("gives " + ACCOUNT + " 1");
        assertThat(world.server().ids()).isEmpty();
        assertThat(client.reading).isFalse();

        world.gifts.getFirst().accept(true);
        assertThat(world.server().ids()).containsExactly(ClientToMap.DROP, ClientToMap.DROP);
        assertThat(client.reading).isTrue();
        assertThat(world.signals).hasSize(1);
        world.server().say(Packet.fixed(MapToClient.DROPPED, 6).u16(2, 2).u16(4, 1));
        assertThat(world.signals).as("the second is not dropped yet").hasSize(1);
        world.server().say(Packet.fixed(MapToClient.DROPPED, 6).u16(2, 3).u16(4, 1));
        assertThat(world.signals).endsWith("gave " + ACCOUNT + " 1").hasSize(2);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.signals).as("told once").hasSize(2);
    }

    @Test
    void whoTakesWhatAnotherDroppedIsToldToDbProxy() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.send(drop(2));
        world.gifts.getFirst().accept(true);
        world.server()
                .say(
                        Packet.fixed(MapToClient.FLOOR_ITEM, 24).u32(2, 77),
                        Packet.fixed(MapToClient.DROPPED, 6).u16(2, 2).u16(4, 1));
        world.signals.clear();
        world.server().say(bends(ACCOUNT + 1, 77), bends(ACCOUNT, 78));
        assertThat(world.signals).as("another, and something else").isEmpty();
        world.server().say(bends(ACCOUNT, 77), bends(ACCOUNT, 77));
        assertThat(world.signals).containsExactly("took " + ACCOUNT + " 1");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                ClientToMap.BODY_TO_CART,
                ClientToMap.CART_TO_BODY,
                ClientToMap.STORE_TO_CART,
                ClientToMap.CART_TO_STORE
            })
    void whoUsedHisCartDropsNothingBeforeItIsSaved(int use) {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.send(Packet.fixed(use, 8).u16(2, 5).u32(4, 1));
        client.send(drop(2));
        assertThat(world.server().ids()).containsExactly(use);
        assertThat(client.newIds()).as("he still has it").containsExactly(MapToClient.DROPPED);
        assertThat(world.signals).isEmpty();

        client.send(Packet.fixed(ClientToMap.TRADE_COMMIT, 2));
        assertThat(world.signals).as("saves carts too").containsExactly("gives " + ACCOUNT + " 1");
        world.gifts.getFirst().accept(true);
        world.pass(PlayerSession.CART_SAVED);
        client.send(drop(2));
        assertThat(world.gifts).hasSize(2);
    }

    @Test
    void whoGaveSomethingAwayDoesNotUseHisCartBeforeHeIsSaved() {
        FakeClient client = playing(Form.SERVER_MOVE);
        Packet fromCart = Packet.fixed(ClientToMap.CART_TO_BODY, 8).u16(2, 5).u32(4, 1);
        client.send(drop(2));
        world.gifts.getFirst().accept(true);
        client.send(fromCart);
        assertThat(world.server().ids()).containsExactly(ClientToMap.DROP);

        world.pass(PlayerSession.GIFT_SAVED);
        client.send(fromCart);
        assertThat(world.server().ids()).containsExactly(ClientToMap.DROP, ClientToMap.CART_TO_BODY);
    }

    @Test
    void whoUsedHisCartIsNotSavedForWhatHePicksUp() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.send(drop(2));
        world.gifts.getFirst().accept(true);
        world.server()
                .say(
                        Packet.fixed(MapToClient.FLOOR_ITEM, 24).u32(2, 77),
                        Packet.fixed(MapToClient.DROPPED, 6).u16(2, 2).u16(4, 1));
        world.pass(PlayerSession.GIFT_SAVED);
        world.signals.clear();
        client.send(Packet.fixed(ClientToMap.CART_TO_BODY, 8).u16(2, 5).u32(4, 1));
        world.server().say(bends(ACCOUNT, 77));
        assertThat(world.signals).isEmpty();
    }

    private static Packet bends(int unit, int thing) {
        return Packet.fixed(MapToClient.DAMAGE, 34).u32(2, unit).u32(6, thing).u8(29, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {ClientToMap.TRADE_COMMIT, ClientToMap.VENDING_BUY, ClientToMap.BUYING_STORE_SELL})
    void tradesAndShopsAreToldTooAndEndByThemselves(int id) {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.send(id == ClientToMap.TRADE_COMMIT ? Packet.fixed(id, 2) : Packet.variable(id, 12));
        world.gifts.getFirst().accept(true);
        assertThat(world.server().ids()).containsExactly(id);
        assertThat(world.signals).containsExactly("gives " + ACCOUNT + " 1");
        world.pass(Duration.ofSeconds(1));
        assertThat(world.signals).endsWith("gave " + ACCOUNT + " 1");
    }

    @Test
    void whatDbProxyDoesNotKnowOfIsNotGiven() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.send(drop(2));
        world.gifts.getFirst().accept(false);
        assertThat(world.server().ids()).isEmpty();
        assertThat(client.newIds()).as("he still has it").containsExactly(MapToClient.DROPPED);
        assertThat(client.reading).isTrue();
    }

    @Test
    void mailIsNotBegunWhereItWouldBeRefused() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.newIds();
        client.send(Packet.fixed(ClientToMap.MAIL_WRITE, 26).text(2, 24, "bob"));
        assertThat(world.server().ids()).isEmpty();
        assertThat(client.ids()).containsExactly(MapToClient.MAIL_WRITTEN, MapToClient.COLOURED_LINE);
        Packet answer = client.seen.getFirst();
        assertThat(answer.text(2, 24)).isEqualTo("bob");
        assertThat(answer.u8(26)).as("not opened").isZero();
    }

    @Test
    void soMuchIsGivenAtOnceAndNoMore() {
        FakeClient client = playing(Form.SERVER_MOVE);
        for (int i = 0; i <= PlayerSession.MOST_GIFTS; i++) {
            client.send(drop(2));
        }
        world.gifts.getFirst().accept(true);
        assertThat(world.server().ids()).hasSize(PlayerSession.MOST_GIFTS);
    }

    @Test
    void aServerThatIsGoneMeanwhileIsGivenNothing() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.send(drop(2));
        FakeServer before = world.server();
        before.end();
        world.gifts.getFirst().accept(true);
        assertThat(before.ids()).isEmpty();
        assertThat(client.newIds()).contains(MapToClient.DROPPED);
    }

    /** db-proxy had him saved in these words. */
    @Test
    void wordOfAnAuctionIsNotForHim() {
        FakeClient client = playing(Form.SERVER_MOVE);
        world.server().say(Packet.fixed(MapToClient.AUCTION_WORD, 3).u8(2, 1), TIME);
        assertThat(client.newIds()).containsExactly(TIME.id());
        world.server().say(Packet.fixed(MapToClient.AUCTION_WORD, 3).u8(2, 4));
        assertThat(client.newIds()).containsExactly(MapToClient.AUCTION_WORD);
    }

    @Test
    void respawnIsNobodysBusiness() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.send(Packet.fixed(ClientToMap.RESTART, 3));
        assertThat(world.signals).isEmpty();
        assertThat(world.server().ids()).containsExactly(ClientToMap.RESTART);
    }

    // ---- who fights ----

    private static Packet blow(int by, int to, int damage) {
        return Packet.fixed(MapToClient.DAMAGE, 34).u32(2, by).u32(6, to).u32(22, damage);
    }

    private static List<Packet> fights() {
        return List.of(
                blow(ACCOUNT, 110_000_001, 7),
                blow(110_000_001, ACCOUNT, 7),
                Packet.fixed(Combat.DAMAGE_2007, 33).u32(2, ACCOUNT).u32(22, 1),
                Packet.fixed(Combat.DAMAGE_OLD, 29).u32(6, ACCOUNT).u16(22, 1),
                Packet.fixed(MapToClient.SKILL_DAMAGE, 33).u32(4, ACCOUNT).u32(24, 1),
                Packet.fixed(MapToClient.SKILL_DAMAGE, 33).u32(8, ACCOUNT).u32(24, 1));
    }

    @ParameterizedTest
    @MethodSource("fights")
    void whoFightsMayNotQuitForTenSeconds(Packet blow) {
        FakeClient client = playing(Form.SERVER_MOVE);
        world.server().say(blow);
        client.newIds();
        for (Packet wish : List.of(
                Packet.fixed(ClientToMap.QUIT_REQUEST, 4),
                Packet.fixed(ClientToMap.RESTART, 3).u8(2, 1))) {
            client.send(wish);
            assertThat(client.seen).singleElement().satisfies(answer -> {
                assertThat(answer.id()).isEqualTo(MapToClient.QUIT_ANSWER);
                assertThat(answer.u16(2)).isEqualTo(1);
            });
            client.seen.clear();
        }
        client.send(Packet.fixed(ClientToMap.RESTART, 3));
        assertThat(world.server().ids()).as("whoever died may stand up").containsExactly(ClientToMap.RESTART);
        assertThat(world.signals).isEmpty();

        world.pass(Duration.ofSeconds(10));
        client.send(Packet.fixed(ClientToMap.QUIT_REQUEST, 4));
        assertThat(world.server().ids()).containsExactly(ClientToMap.RESTART, ClientToMap.QUIT_REQUEST);
    }

    @Test
    void othersFightsAndBlowsThatDoNothingKeepNobody() {
        FakeClient client = playing(Form.SERVER_MOVE);
        world.server().say(blow(110_000_001, 2_000_002, 7), blow(ACCOUNT, 0, 0));
        client.leave();
        assertThat(world.server().closed).isTrue();
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 1");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void whoseConnectionEndsWhileHeFightsStaysOnHisMapForTenSeconds(Form form) {
        FakeClient client = playing(form);
        world.server().say(blow(110_000_001, ACCOUNT, 7));
        world.server().reading = false;
        client.seen.clear();
        client.leave();
        assertThat(world.server().closed).isFalse();
        assertThat(world.server().reading).as("or it would wait for him").isTrue();
        assertThat(world.signals).isEmpty();
        assertThat(world.events).contains("fled");

        world.server().say(LINE);
        assertThat(client.seen).isEmpty();
        assertThat(client.session.pause()).as("nothing to go on with").isEmpty();
        world.pass(Duration.ofMillis(9_999));
        assertThat(world.server().closed).isFalse();
        world.pass(Duration.ofMillis(1));
        assertThat(world.server().closed).isTrue();
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 1");
    }

    @Test
    void whoHasFledIsGoneWhenHisMapServerEnds() {
        fled();
        world.server().end();
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 1");
    }

    @Test
    void whoHasFledIsGoneWhenHisMapMoves() {
        fled();
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        assertThat(world.server().closed).isTrue();
        assertThat(world.dialled).hasSize(1);
        assertThat(world.signals).as("of the session that he would have had").containsExactly("gone " + ACCOUNT + " 2");
    }

    @Test
    void whoHasFledIsGoneWhenHeWouldGoOnThroughAnotherRelay() {
        fled();
        carry(FakeWorld.to(FakeWorld.BETA, 2), new OtherFront(0xcb007109, 7_009));
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 2");
    }

    @Test
    void whoHasFledIsGoneWhenHisMapServerIsToLetHimGoOrNobodyKnowsWhetherItIsStillHis() {
        fled();
        world.players.release(ACCOUNT, 1);
        world.turn();
        assertThat(world.server().closed).isTrue();
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 1");

        world.signals.clear();
        fled();
        world.players.unconfirmed();
        world.turn();
        assertThat(world.server().closed).isTrue();
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 1");
    }

    @Test
    void whoHasFledAndLogsInAgainIsNotThereTwice() {
        fled();
        FakeServer old = world.server();
        playing(Form.SERVER_MOVE);
        world.turn();
        assertThat(old.closed).isTrue();
        assertThat(world.signals).as("his new connection has the session").isEmpty();
    }

    private void fled() {
        FakeClient client = playing(Form.SERVER_MOVE);
        world.server().say(blow(110_000_001, ACCOUNT, 7));
        client.leave();
        assertThat(world.events).endsWith("fled");
    }

    @Test
    void serverThatTakesLeaveEndsTheClientAndOneThatDoesNotDoesNot() {
        FakeClient client = playing(Form.SERVER_MOVE);
        world.server().say(Packet.fixed(MapToClient.QUIT_ANSWER, 4));
        world.server().end();
        assertThat(client.closed).isTrue();
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 1");

        FakeClient other = playing(Form.SERVER_MOVE);
        world.server().end();
        assertThat(other.closed).isFalse();
        assertThat(world.alone).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void whoAskedToQuitIsLetGoWhenHisServerEndsBeforeItAnswersAndWhoWasToldNoIsMoved(Form form) {
        Packet quit = Packet.fixed(ClientToMap.QUIT_REQUEST, 4);
        FakeClient leaving = playing(form);
        leaving.send(quit);
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        assertThat(leaving.ids()).containsExactly(MapToClient.QUIT_ANSWER);
        assertThat(leaving.closed).isTrue();
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 1");

        FakeClient fighting = playing(form);
        fighting.send(quit);
        world.server().say(Packet.fixed(MapToClient.QUIT_ANSWER, 4).u16(2, 1));
        world.server().end();
        assertThat(fighting.closed).isFalse();
    }

    /** Within one's own connection nobody comes to another relay, whatever the client bears. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void whoGoesOnThroughAnotherRelayIsToldItsAddress(Form form) {
        FakeClient client = playing(form);
        OtherFront other = new OtherFront(0xcb007109, 7_009);
        carry(FakeWorld.to(FakeWorld.BETA, 2), other);
        ServerMove move = new ServerMove(client.seen.getLast());
        assertThat(move.ip()).isEqualTo(other.address());
        assertThat(move.port()).isEqualTo(other.port());
        int told = client.ids().size();
        carry(FakeWorld.to(FakeWorld.BETA, 2), other);
        assertThat(client.ids()).as("db-proxy repeats itself").hasSize(told);
        assertThat(world.server().closed).isTrue();
        client.leave();
        assertThat(world.signals).as("he is somebody else's player").isEmpty();
    }

    @Test
    void whoIsJustEnteringCannotBeToldOfAnotherRelay() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.BETA, 1), 0));
        carry(FakeWorld.to(FakeWorld.BETA, 2), new OtherFront(0xcb007109, 7_009));
        assertThat(client.closed).isTrue();
    }

    private void carry(Destination to, OtherFront front) {
        var done = world.players.carry(ACCOUNT, to, front);
        world.turn();
        assertThat(done).isCompletedWithValue(true);
    }

    @Test
    void clientThatGoesIsToldToDbProxyOnce() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.leave();
        client.leave();
        assertThat(world.signals).containsExactly("gone " + ACCOUNT + " 1");
        assertThat(world.server().closed).isTrue();
        assertThat(world.players.size()).isZero();
    }

    // ---- without a map-server ----

    @Test
    void whoIsAloneIsToldSoKeptAliveAndDropped() {
        FakeClient client = playing(Form.SERVER_MOVE);
        FakeServer dead = world.server();
        dead.end();
        client.send(LOADED, Packet.fixed(ClientToMap.TIME_REQUEST, 6));
        assertThat(client.newIds()).containsExactly(MapToClient.TIME);
        assertThat(dead.ids()).isEmpty();

        world.pass(Duration.ofMillis(1_500));
        assertThat(client.newIds()).containsExactly(MapToClient.COLOURED_LINE);
        client.send(Packet.fixed(ClientToMap.QUIT_REQUEST, 4));
        world.turn();
        assertThat(client.newIds()).containsExactly(MapToClient.QUIT_ANSWER);
        assertThat(client.closed).isTrue();
        assertThat(world.alone).isZero();
    }

    @Test
    void timeGoesOnFromWhatTheDeadServerSaid() {
        FakeClient client = playing(Form.SERVER_MOVE);
        world.server().end();
        world.pass(Duration.ofMillis(700));
        client.send(Packet.fixed(ClientToMap.TIME_REQUEST, 6));
        assertThat(new ServerTime(client.seen.getFirst()).tick()).isEqualTo(5_800);
    }

    @Test
    void whoIsAloneForLongIsAskedAboutAndMovedByTheAnswer() {
        FakeClient client = playing(Form.SERVER_MOVE);
        int before = world.asked.size();
        world.server().end();
        world.pass(Duration.ofMillis(4_100));
        assertThat(world.asked).hasSize(before + 1);
        world.answer(new Entry.Refused(8, "his map-server still has him"));
        world.pass(Duration.ofSeconds(2));
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.BETA, 2), 0));

        assertThat(client.ids()).contains(MapToClient.SERVER_MOVE);
        assertThat(client.closed).isFalse();
    }

    @Test
    void whoIsKnownNoLongerOrAloneForTooLongIsLetGo() {
        FakeClient client = playing(Form.SERVER_MOVE);
        world.server().end();
        world.pass(Duration.ofMillis(4_100));
        world.answer(new Entry.Refused(0, "unknown"));
        assertThat(client.closed).isTrue();

        FakeClient other = playing(Form.SERVER_MOVE);
        world.server().end();
        world.pass(Duration.ofSeconds(135));
        assertThat(other.closed).isTrue();
        assertThat(new Refused(other.seen.getLast()).reason()).isEqualTo(Refused.SERVER_CLOSED);
        assertThat(world.events).contains("given up");
        assertThat(world.alone).isZero();
    }

    /** db-proxy moves him by itself: a storm of lost hosts is no storm of questions. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void whoIsAloneInGameIsAskedAboutLessAndLessOften(Form form) {
        playing(form);
        world.server().end();
        int before = world.asked.size();
        List<Long> asked = new ArrayList<>();
        for (int second = 1; second <= 115; second++) {
            world.pass(Duration.ofSeconds(1));
            if (world.asked.size() > before + asked.size()) {
                asked.add((long) second);
                world.answer(new Entry.Silent("away"));
            }
        }
        assertThat(asked.getFirst()).isBetween(4L, 7L);
        assertThat(asked.get(1) - asked.get(0)).isEqualTo(2);
        for (int i = 2; i < asked.size(); i++) {
            assertThat(asked.get(i) - asked.get(i - 1)).isEqualTo(4);
        }
        assertThat(asked).hasSizeGreaterThan(25);
        assertThat(world.events).doesNotContain("given up");
        world.pass(Duration.ofSeconds(15));
        assertThat(world.events)
                .as("after two minutes and what the last question may take")
                .contains("given up");
    }

    // ---- moves ----

    private void rehome(Destination to) {
        var done = world.players.rehome(ACCOUNT, to);
        world.turn();
        assertThat(done).isCompletedWithValue(true);
    }

    @Test
    void serverMoveTellsTheClientToConnectAgainOnce() {
        FakeClient client = playing(Form.SERVER_MOVE);
        FakeServer alpha = world.server();
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        rehome(FakeWorld.to(FakeWorld.ALPHA, 3));

        assertThat(alpha.closed).isTrue();
        assertThat(client.ids()).containsExactly(MapToClient.SERVER_MOVE);
        ServerMove move = new ServerMove(client.seen.getFirst());
        assertThat(move.map()).isEqualTo("prt_fild08.gat");
        assertThat(List.of(move.x(), move.y(), move.ip(), move.port())).containsExactly(100, 80, 0x7f00_0002, 7_000);
        client.leave();
        assertThat(world.signals).as("moved, not gone").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void timeWithoutAServerIsMeasuredUntilHeIsInGameAgain(Form form) {
        FakeClient client = playing(form);
        world.server().end();
        world.pass(Duration.ofMillis(300));
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        world.pass(Duration.ofMillis(200));
        if (form == Form.SERVER_MOVE) {
            client.leave();
            client(form).send(ENTER);
            world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.BETA, 2), 0));
        }
        world.server().connect().say(SEEN, LET_IN);
        assertThat(world.events).contains("back after 500");

        // Who logs in much later was not waiting.
        world.players.moving(ACCOUNT, world.nanoTime());
        world.pass(Players.REMEMBERED);
        assertThat(world.players.back(ACCOUNT)).isEmpty();
    }

    @Test
    void whoDoesNotFollowTheWordToConnectAgainIsClosed() {
        FakeClient client = playing(Form.SERVER_MOVE);
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        world.pass(Duration.ofSeconds(10));
        assertThat(client.closed).isTrue();
    }

    @Test
    void spliceKeepsTheConnectionAndTheTargetHearsNothingBeforeTheClientHasLoaded() {
        FakeClient client = playing(Form.SPLICE);
        FakeServer alpha = world.server();
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        FakeServer beta = world.server().connect();
        client.send(Packet.fixed(ClientToMap.WALK_REQUEST, 5));
        beta.say(SEEN, LINE, LET_IN, LINE);

        assertThat(alpha.closed).isTrue();
        assertThat(client.ids()).containsExactly(MapToClient.TIME, MapToClient.MAP_CHANGE, LINE.id(), LINE.id());
        MapChange change = new MapChange(client.seen.get(1));
        assertThat(change.map()).isEqualTo("prt_fild08.gat");
        assertThat(List.of(change.x(), change.y())).containsExactly(100, 80);
        client.send(Packet.fixed(ClientToMap.WALK_REQUEST, 5));
        assertThat(beta.ids()).containsExactly(ClientToMap.ENTER);

        Packet walk = Packet.fixed(ClientToMap.WALK_REQUEST, 5);
        client.sendBytes(concat(walk, LOADED, walk));
        assertThat(beta.ids()).containsExactly(ClientToMap.ENTER, ClientToMap.MAP_LOADED, ClientToMap.WALK_REQUEST);
        assertThat(world.events).contains("moved SPLICE");
        assertThat(world.alone).isZero();
    }

    /** What a dead map-server leaves open is closed before the map changes, in this order. */
    @Test
    void spliceClosesWhatTheServerBeforeLeftOpenBeforeTheMapChanges() {
        FakeClient client = playing(Form.SPLICE);
        client.send(Say.of("Alice", "hello").packet());
        List<Packet> shown = ScreenTest.everything(ACCOUNT);
        world.server().say(shown.toArray(Packet[]::new));
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        world.server().connect().say(SEEN, LET_IN, LINE);

        List<Integer> expected = new ArrayList<>(shown.stream().map(Packet::id).toList());
        expected.addAll(ScreenTest.CLOSED_IN_ORDER);
        expected.addAll(List.of(MapToClient.TIME, MapToClient.MAP_CHANGE, LINE.id()));
        assertThat(client.ids()).containsExactlyElementsOf(expected);
    }

    @Test
    void answerToAnOlderMapIsNotTakenForTheNewOne() {
        FakeClient client = playing(Form.SPLICE);
        world.server().say(MapChange.of("prt_fild08.gat", 1, 1).packet());
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        FakeServer beta = world.server().connect();
        beta.say(SEEN, LET_IN);
        client.send(LOADED);
        assertThat(beta.ids()).containsExactly(ClientToMap.ENTER);
        client.send(LOADED);
        assertThat(beta.ids()).containsExactly(ClientToMap.ENTER, ClientToMap.MAP_LOADED);
    }

    @Test
    void targetOfASpliceThatRefusesIsAskedAboutAgain() {
        FakeClient client = playing(Form.SPLICE);
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        world.server().connect().say(SEEN, Refused.of(8).packet());
        world.pass(Duration.ofSeconds(1));
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.BETA, 2), 0));
        world.server().connect().say(SEEN, LET_IN);

        assertThat(client.ids()).containsExactly(MapToClient.TIME, MapToClient.MAP_CHANGE);
        assertThat(client.closed).isFalse();
    }

    @Test
    void serverThatGivesHimUpWhileItLoadsHimDoesNotThrowHimOut() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 0));
        world.server().connect().say(SEEN, LET_IN);
        client.send(LOADED);
        world.server().say(Refused.of(0).packet());
        assertThat(client.ids()).containsExactly(SEEN.id(), LET_IN.id());
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        assertThat(client.ids()).contains(MapToClient.SERVER_MOVE);
    }

    @Test
    void releaseEndsTheServersSideOnlyAndAnOldOneNothing() {
        FakeClient client = playing(Form.SERVER_MOVE);
        world.players.release(ACCOUNT, 0);
        world.turn();
        assertThat(world.server().closed).isFalse();
        world.players.release(ACCOUNT, 1);
        world.turn();
        assertThat(world.server().closed).isTrue();
        assertThat(client.closed).isFalse();
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        assertThat(client.ids()).containsExactly(MapToClient.SERVER_MOVE);
    }

    @Test
    void whoIsReleasedWhileHeEntersIsAskedAboutInASecond() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 0));
        world.server().connect().say(SEEN);
        world.players.release(ACCOUNT, 1);
        world.turn();
        assertThat(world.server().closed).isTrue();
        world.pass(Duration.ofSeconds(1));
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.BETA, 2), 0));
        world.server().connect().say(SEEN, LET_IN);
        assertThat(client.ids()).containsExactly(SEEN.id(), LET_IN.id());
    }

    @Test
    void kickClosesHimAndAnOldOneDoesNot() {
        FakeClient client = playing(Form.SERVER_MOVE);
        world.players.kick(ACCOUNT, 0);
        world.turn();
        assertThat(client.closed).isFalse();
        world.players.kick(ACCOUNT, 1);
        world.turn();
        assertThat(client.closed).isTrue();
    }

    // ---- portals on the reserve ----

    private FakeClient onReserve(Form form) {
        FakeClient client = client(form);
        client.send(ENTER);
        world.answer(new Entry.Routed(
                new Destination(Owner.vps("reserve", "127.0.0.1:1"), MapName.of("prt_fild08"), Epoch.of(1), 1, 1, 1, 1),
                0));
        world.server().connect().say(SEEN, LET_IN);
        client.send(LOADED);
        world.server().say(TIME);
        client.seen.clear();
        world.server().received.clear();
        return client;
    }

    private static Packet change(String map) {
        return MapChange.of(map + ".gat", 33, 44).packet();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void portalToAHostedMapIsWithheldAndThePlayerGoesOnAtTheHost(Form form) {
        world.hosted.add("prt_fild07");
        FakeClient client = onReserve(form);
        FakeServer reserve = world.server();
        reserve.say(LINE);
        reserve.sayBytes(concat(LINE, change("prt_fild07"), TIME));
        reserve.say(LINE);
        client.send(LOADED);
        assertThat(client.ids()).containsExactly(LINE.id(), LINE.id());
        assertThat(reserve.ids()).as("nothing of him reaches it").isEmpty();
        assertThat(reserve.reading).isFalse();
        assertThat(world.signals).containsExactly("walked " + ACCOUNT + " 1 prt_fild07 33 44");

        world.walks.getFirst().accept(true);
        assertThat(reserve.closed).isTrue();
        rehome(FakeWorld.to(FakeWorld.ALPHA, 2));
        if (form == Form.SPLICE) {
            world.server().connect().say(SEEN, LET_IN);
            assertThat(client.ids()).endsWith(MapToClient.TIME, MapToClient.MAP_CHANGE);
        } else {
            assertThat(client.ids()).endsWith(MapToClient.SERVER_MOVE);
        }
    }

    @Test
    void portalThatDbProxyDoesNotTakeIsToldInFullAndTheReserveGoesOn() {
        world.hosted.add("prt_fild07");
        FakeClient client = onReserve(Form.SERVER_MOVE);
        FakeServer reserve = world.server();
        reserve.sayBytes(concat(change("prt_fild07"), TIME));
        reserve.say(LINE);
        world.walks.getFirst().accept(false);

        assertThat(client.ids()).containsExactly(MapToClient.MAP_CHANGE, TIME.id(), LINE.id());
        assertThat(reserve.reading).isTrue();
        client.send(LOADED);
        assertThat(reserve.ids()).containsExactly(ClientToMap.MAP_LOADED);
    }

    @Test
    void portalsBetweenMapsThatNobodyHostsAndWithinAHostPass() {
        world.hosted.add("prt_fild08");
        FakeClient onReserve = onReserve(Form.SERVER_MOVE);
        world.server().say(change("prt_fild05"));
        assertThat(onReserve.ids()).containsExactly(MapToClient.MAP_CHANGE);
        onReserve.leave();

        FakeClient onHost = playing(Form.SERVER_MOVE);
        world.server().say(change("prt_fild08"));
        assertThat(onHost.ids()).containsExactly(MapToClient.MAP_CHANGE);
        assertThat(world.walks).isEmpty();
    }

    // ---- what cannot be told apart ----

    @Test
    void unknownPacketMakesTheStreamOpaqueAndBytesGoOnUntouched() {
        FakeClient client = playing(Form.SPLICE);
        client.readsRaw();
        byte[] strange = {(byte) 0xff, 0x7f, 1, 2, 3};
        world.server().sayBytes(strange);
        world.server().sayBytes((byte) 9);
        assertThat(client.rest).containsExactly((byte) 0xff, (byte) 0x7f, (byte) 1, (byte) 2, (byte) 3, (byte) 9);
        assertThat(world.events).contains("opaque");

        world.server().end();
        assertThat(client.closed).as("nobody knows where its last packet ends").isTrue();
    }

    @Test
    void unknownPacketOfTheClientPassesAndHeIsMovedByConnectingAgain() {
        FakeClient client = playing(Form.SPLICE);
        FakeServer alpha = world.server();
        client.sendBytes((byte) 0xff, (byte) 0x7f);
        assertThat(alpha.rawBytes()).endsWith((byte) 0xff, (byte) 0x7f);
        rehome(FakeWorld.to(FakeWorld.BETA, 2));
        assertThat(client.ids()).containsExactly(MapToClient.SERVER_MOVE);
    }

    // ---- how fast ----

    @Test
    void whoSendsTooManyPacketsIsReadSlowerAndLosesNothing() {
        FakeClient client = playing(Form.SERVER_MOVE);
        Packet walk = Packet.fixed(ClientToMap.WALK_REQUEST, 5);
        for (int i = 0; i < 60; i++) {
            client.send(walk);
        }
        assertThat(world.server().received).hasSize(60);
        assertThat(client.reading).isFalse();
        assertThat(world.events).containsOnlyOnce("slowed");
        client.session.clientWritable();
        world.server().becomeWritable();
        assertThat(client.reading).as("not for another reason").isFalse();

        world.pass(Duration.ofMillis(1_200));
        assertThat(client.reading).isTrue();
    }

    @Test
    void whoSendsTooManyBytesIsReadSlower() {
        FakeClient client = playing(Form.SERVER_MOVE);
        for (int i = 0; i < 5; i++) {
            client.send(Packet.variable(ClientToMap.SAY, 1_000));
        }
        assertThat(client.reading).isFalse();
        world.pass(Duration.ofMillis(1_010));
        assertThat(client.reading).isTrue();
    }

    /** Four at once, then two a second; two of these are torn. */
    @Test
    void ofAKindThatHasARateTheSurplusGoesNowhereAndAllElsePasses() {
        FakeClient client = playing(Form.SERVER_MOVE);
        Packet blow = Packet.fixed(ClientToMap.ACT, 7);
        client.sendBytes(concat(blow, blow, LOADED, blow, blow, blow, LOADED, blow));
        client.sendBytes(Arrays.copyOf(blow.bytes(), 3));
        client.sendBytes(Arrays.copyOfRange(blow.bytes(), 3, 7));
        assertThat(world.server().ids())
                .containsExactly(blow.id(), blow.id(), LOADED.id(), blow.id(), blow.id(), LOADED.id());
        assertThat(world.events).containsOnly("entered", "too many of ACTION");
        assertThat(world.events).hasSize(4);
        assertThat(world.taps.stream().filter(seen -> seen.startsWith("client 0437")))
                .as("what goes nowhere was not done")
                .hasSize(4);

        world.pass(Duration.ofMillis(500));
        client.send(blow, blow);
        assertThat(world.server().ids().stream().filter(id -> id == blow.id())).hasSize(5);
    }

    @Test
    void longPacketOfAKindCountsAsSeveral() {
        FakeClient client = playing(Form.SERVER_MOVE);
        Packet longOne = Packet.variable(ClientToMap.WHISPER, 3 * 256);
        client.send(longOne);
        assertThat(world.server().ids()).as("four of four").containsExactly(longOne.id());
        client.send(Packet.variable(ClientToMap.WHISPER, 30));
        assertThat(world.server().ids()).hasSize(1);
        assertThat(world.events).contains("too many of CHAT");
    }

    // ---- db-proxy is away ----

    @Test
    void whoIsOnAHostThatNobodyConfirmsWaitsAndWhoIsOnTheVpsPlaysOn() {
        FakeClient onHost = playing(Form.SERVER_MOVE);
        FakeServer host = world.server();
        FakeClient onVps = client(Form.SERVER_MOVE);
        onVps.send(Enter.of(ACCOUNT + 1, 150_002, 1, 1, 1).packet());
        world.answer(new Entry.Routed(
                new Destination(Owner.vps("reserve", "127.0.0.1:1"), MapName.of("prt_fild08"), Epoch.of(1), 1, 1, 1, 1),
                0));
        world.server().connect().say(SEEN, LET_IN);

        world.players.unconfirmed();
        world.turn();
        assertThat(host.closed).isTrue();
        assertThat(world.server().closed).isFalse();
        assertThat(world.alone).isEqualTo(1);
        world.pass(Duration.ofMillis(4_100));
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.BETA, 2), 0));
        assertThat(onHost.ids()).contains(MapToClient.SERVER_MOVE);
    }

    // ---- taps ----

    @ParameterizedTest
    @EnumSource(Form.class)
    void packetsOfAHostsMapAreLookedAtAndThoseOfTheVpsAreNot(Form form) {
        FakeClient client = playing(form);
        world.taps.clear();
        client.send(said("hello"));
        world.server().say(TIME, LINE);
        assertThat(world.taps)
                .containsExactly(
                        "client 00f3 " + said("hello").length(), "server 007f 6", "server 008e " + LINE.length());
        world.server().end();
        assertThat(world.taps.getLast()).isEqualTo("end");
        client.send(said("alone"));
        assertThat(world.taps.getLast()).isEqualTo("end");

        world.taps.clear();
        onReserve(form).send(said("hello"));
        assertThat(world.taps).isEmpty();
    }

    @Test
    void tapIsOfTheHostThatHasHim() {
        FakeClient client = playing(Form.SPLICE);
        assertThat(world.taps.getFirst()).isEqualTo("tap " + FakeWorld.ALPHA + " " + ACCOUNT);
        world.players.rehome(ACCOUNT, FakeWorld.to(FakeWorld.BETA, 2));
        world.turn();
        world.server().connect().say(SEEN, LET_IN);
        client.send(LOADED);
        assertThat(world.taps).contains("end", "tap " + FakeWorld.BETA + " " + ACCOUNT);
    }

    // ---- what is said to the suite ----

    private static Packet said(String words) {
        return Say.of("me", words).packet();
    }

    private static List<String> lines(FakeClient client) {
        return client.seen.stream()
                .filter(packet -> packet.id() == MapToClient.COLOURED_LINE)
                .map(packet -> new ColouredLine(packet).text())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void whatIsSaidToTheSuiteReachesNoMapServerAndIsAnsweredInTheChat(Form form) {
        FakeClient client = playing(form);
        client.send(said("hello"), said("@p2pstatus"), said("I said @p2pstatus"));
        assertThat(world.server().received.stream().map(packet -> new Say(packet).words()))
                .containsExactly("hello", "I said @p2pstatus");
        assertThat(world.questions).containsExactly("@p2pstatus");
        assertThat(world.askers.getFirst().account()).isEqualTo(ACCOUNT);
        assertThat(world.askers.getFirst().at()).isEqualTo(FakeWorld.to(FakeWorld.ALPHA, 1));

        world.answers.getFirst().accept(List.of("all is well", "and you?"));
        assertThat(lines(client)).containsExactly("all is well", "and you?");
        assertThat(client.seen).hasSize(2);
    }

    @Test
    void oneIsAnsweredAtATime() {
        FakeClient client = playing(Form.SERVER_MOVE);
        client.send(said("@p2plist"), said("@P2PMetrics"));
        assertThat(world.questions).containsExactly("@p2plist");
        assertThat(lines(client)).containsExactly(Asides.BUSY);
        world.answers.getFirst().accept(List.of("one"));
        client.send(said("@P2PMetrics"));
        assertThat(world.questions).containsExactly("@p2plist", "@P2PMetrics");
    }

    @Test
    void whoIsOnTheVpsOrAloneIsAnsweredToo() {
        FakeClient client = onReserve(Form.SPLICE);
        client.send(said("@p2pstatus"));
        world.answers.getFirst().accept(List.of("on the server"));
        world.server().end();
        client.send(said("@p2pstatus"));
        assertThat(world.askers.getLast().at()).isNull();
        world.answers.getLast().accept(List.of("alone"));
        assertThat(lines(client)).containsExactly("on the server", "alone");
    }

    @Test
    void groupIsTheOneThatDbProxyTold() {
        FakeClient client = client(Form.SERVER_MOVE);
        client.send(ENTER);
        world.answer(new Entry.Routed(FakeWorld.to(FakeWorld.ALPHA, 1), 99));
        world.server().connect().say(SEEN, LET_IN);
        client.send(LOADED, said("@p2pvalidate"));
        assertThat(world.askers.getFirst().group()).isEqualTo(99);
    }

    @Test
    void answersOfTheMapServerAreTimed() {
        FakeClient client = playing(Form.SERVER_MOVE);
        Packet question = TimeRequest.of(1).packet();
        client.send(question);
        world.pass(Duration.ofMillis(70));
        world.server().say(TIME);
        client.send(question);
        world.pass(Duration.ofMillis(30));
        world.server().say(TIME);
        client.send(question, said("@p2pmetrics"));
        assertThat(world.askers.getFirst().trips()).isEqualTo(new Commands.Trips(3, 2, 30_000_000L, 70_000_000L));
    }

    @Test
    void answerForWhoIsGoneOrWhoseStreamNobodyCanReadIsDropped() {
        FakeClient gone = playing(Form.SERVER_MOVE);
        gone.send(said("@p2pstatus"));
        gone.leave();
        world.answers.getLast().accept(List.of("too late"));
        assertThat(gone.seen).isEmpty();

        FakeClient opaque = playing(Form.SERVER_MOVE);
        opaque.send(said("@p2pstatus"));
        opaque.readsRaw();
        world.server().sayBytes((byte) 0xff, (byte) 0xff, (byte) 0x01);
        world.answers.getLast().accept(List.of("nowhere"));
        assertThat(opaque.rest).containsExactly((byte) 0xff, (byte) 0xff, (byte) 0x01);
    }

    // ---- who is known ----

    @Test
    void ordersAboutStrangersAreRefusedAndAboutThoseWhoJustWentAreNot() {
        FakeClient client = playing(Form.SERVER_MOVE);
        assertThat(world.players.kick(1, 1)).isCompletedWithValue(false);
        client.leave();
        assertThat(world.players.kick(ACCOUNT, 1)).isCompletedWithValue(true);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.players.kick(ACCOUNT, 1)).isCompletedWithValue(false);
    }
}
