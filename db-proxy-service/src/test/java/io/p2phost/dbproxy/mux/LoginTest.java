package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.CAVE;
import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.MuxSettings.Address;
import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Line;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.RemoteMaps;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Logins in both directions, and what happens around a lost char-server. */
class LoginTest {
    private static final MapName TOWER = MapName.of("thana_boss");

    private final MuxUnderTest suite = new MuxUnderTest();

    @Test
    void mapsAreAnnouncedOnceBehindABarrierAndCoreComesLast() {
        Line core = new Line();
        suite.mux.start(List.of(), List.of());
        MapServer server = suite.mux.serverOpened(ServerKey.CORE, false, core);
        suite.mux.fromServer(
                server, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60).text(2, 24, "core"));

        suite.login();

        assertThat(suite.upstream.ids()).containsExactly("2af8", "2b23", "2aff", "2afa");
        Packet login = suite.upstream.last(MapToChar.MAP_SERVER_LOGIN);
        assertThat(login.text(2, 24)).isEqualTo("s1");
        assertThat(login.i32be(54)).isEqualTo(MuxUnderTest.FRONT.ip());
        assertThat(login.u16be(58)).isEqualTo(MuxUnderTest.FRONT.port());
        assertThat(suite.dialed).containsExactly(Slot.MULTIPLEXER, Slot.CORE);

        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        Packet passed = suite.coreUpstream.last(MapToChar.MAP_SERVER_LOGIN);
        assertThat(passed.text(2, 24)).as("the operator's password, not core's").isEqualTo("s1");
    }

    @Test
    void refusedLoginIsTriedAgain() {
        suite.mux.start(List.of(), List.of());
        suite.mux.upstreamOpened(Slot.MULTIPLEXER, suite.upstream);
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER, Packet.fixed(CharToMap.LOGIN_ANSWER, 3).u8(2, 3));
        assertThat(suite.upstream.closed).contains("refuses");

        suite.mux.upstreamClosed(Slot.MULTIPLEXER);
        suite.pass(Duration.ofMillis(200));

        assertThat(suite.dialed).containsExactly(Slot.MULTIPLEXER, Slot.MULTIPLEXER);
    }

    @Test
    void mapServerWaitsUntilTheCharServerAcceptedUsOnce() {
        suite.mux.start(List.of(), List.of());
        Line line = new Line();
        MapServer server = suite.mux.serverOpened(ServerKey.RESERVE, false, line);
        suite.mux.fromServer(server, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60));
        assertThat(line.sent).isEmpty();

        suite.login();

        assertThat(line.ids()).containsExactly("2af9", "388c");
        suite.charServerDies();
        Cell cell = suite.cell(FIELD, 1);
        assertThat(cell.server().login).as("also while it is away").isEqualTo(MapServer.Login.ANNOUNCED);
    }

    @Test
    void mapServerLearnsCoresMapsAndTheHostedOnesItDoesNotHave() {
        suite.up();
        ServerKey.Cell key = new ServerKey.Cell(HostId.random(), FIELD, Epoch.of(1));
        Line line = new Line();
        MapServer server = suite.mux.serverOpened(key, false, line);
        suite.mux.fromServer(server, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60));
        suite.mux.fromServer(server, MapList.of(List.of(FIELD.value())).packet());

        assertThat(line.ids()).containsExactly("2af9", "388c", "2b04", "2b04", "2afb", "2b1b");
        Packet hosted = line.last(CharToMap.REMOTE_MAPS);
        assertThat(hosted.text(10, 16)).isEqualTo(CAVE.value());
        assertThat(hosted.length()).as("not its own").isEqualTo(26);
        assertThat(hosted.i32be(4)).isEqualTo(MuxUnderTest.FRONT.ip());
    }

    @Test
    void cellThatAnnouncesAnotherMapIsCut() {
        suite.up();
        ServerKey.Cell key = new ServerKey.Cell(HostId.random(), FIELD, Epoch.of(1));
        Cell cell = suite.connect(key, false, CAVE);

        assertThat(cell.line().closed).contains("prt_fild08");
        assertThat(suite.violations).extracting(Violation::kind).containsExactly(Violation.Kind.FORBIDDEN);
    }

    @Test
    void lostCharServerTakesCoresMapsAwayInBothByteOrders() {
        suite.up();
        Cell cell = suite.cell(FIELD, 1);

        suite.mux.upstreamClosed(Slot.MULTIPLEXER);

        assertThat(cell.line().ids())
                .as("it knows another server at every moment")
                .containsExactly("2b04", "2b04", "2b20", "2b20");
        assertThat(cell.line().sent.get(2).i32be(4)).isEqualTo(MuxUnderTest.CORE.ip());
        assertThat(cell.line().sent.get(3).i32(4)).isEqualTo(MuxUnderTest.CORE.ip());
        assertThat(cell.line().sent.get(3).u16(8)).isEqualTo(MuxUnderTest.CORE.port());
    }

    @Test
    void coreIsPutOffWithTheCharServerAndHeldUntilWeAreBack() {
        Line core = new Line();
        suite.up();
        suite.mux.serverOpened(ServerKey.CORE, false, core);
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);

        suite.mux.upstreamClosed(Slot.MULTIPLEXER);

        assertThat(core.closed).isNotNull();
        assertThat(core.ids()).as("never told that maps are gone").isEmpty();
        Line again = new Line();
        MapServer server = suite.mux.serverOpened(ServerKey.CORE, false, again);
        suite.mux.fromServer(server, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60));
        suite.dialed.clear();
        suite.pass(Duration.ofMillis(200));
        suite.login();
        assertThat(suite.dialed).containsExactly(Slot.MULTIPLEXER, Slot.CORE);
    }

    @Test
    void coreThatSendsTooMuchBeforeItIsLetInIsCut() {
        suite.mux.start(List.of(), List.of());
        Line core = new Line();
        MapServer server = suite.mux.serverOpened(ServerKey.CORE, false, core);

        for (int sent = 0; sent <= CoreLink.MAX_HELD_BYTES; sent += 60) {
            suite.mux.fromServer(server, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60));
        }

        assertThat(core.closed).isNotNull();
    }

    /** A forwarder beside the char-server cuts a link that is silent for 4 s. */
    @Test
    void linkIsNotSilentWhileTheCharServerTakesItsTimeForTheReplay() {
        suite.mux.start(List.of(), List.of());
        suite.mux.upstreamOpened(Slot.MULTIPLEXER, suite.upstream);
        suite.mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        for (int second = 0; second < 10; second++) {
            suite.pass(Duration.ofMillis(500));
            suite.pass(Duration.ofMillis(500));
        }
        assertThat(suite.upstream.ids()).hasSize(12).startsWith("2af8").containsOnly("2af8", "2b23");

        suite.answerKeepAlive();

        assertThat(suite.upstream.ids()).as("the first answer is the barrier").endsWith("2b23", "2aff", "2afa");
        for (int second = 0; second < 10; second++) {
            suite.answerKeepAlive();
        }
        suite.mux.fromUpstream(Slot.MULTIPLEXER, Packet.variable(CharToMap.MAPS_ACCEPTED, 53));
        suite.pass(Duration.ofMillis(999));
        assertThat(suite.mux.isUp()).isTrue();
        assertThat(suite.upstream.closed).isNull();
    }

    @Test
    void whoIsInPlayIsToldBeforeTheMaps() {
        suite.up();
        Cell cell = suite.cell(FIELD, 1);
        Player player = player(1);
        suite.plays(player, FIELD, cell);
        suite.charServerDies();

        suite.pass(Duration.ofMillis(200));
        suite.login();

        assertThat(suite.upstream.ids()).containsExactly("2af8", "2b23", "2aff", "2b19", "2afa");
        Packet users = suite.upstream.last(MapToChar.ONLINE_USERS);
        assertThat(users.u16(4)).isEqualTo(1);
        assertThat(users.i32(6)).isEqualTo(player.account());
        assertThat(users.i32(10)).isEqualTo(player.character());
    }

    @Test
    void corePlayersAreOnlineAgainAfterAnOutageToo() {
        suite.up();
        suite.mux.serverOpened(ServerKey.CORE, false, new Line());
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        suite.mux.fromUpstream(Slot.CORE, MuxUnderTest.authOk(player(1), MuxUnderTest.TOWN));
        suite.charServerDies();

        suite.pass(Duration.ofMillis(200));
        suite.login();

        assertThat(suite.upstream.last(MapToChar.ONLINE_USERS).u16(4))
                .as("not ours")
                .isZero();
        assertThat(suite.upstream.last(MapToChar.CHAR_ONLINE).i32(6))
                .isEqualTo(player(1).account());
    }

    // ---- eligible maps ----

    @Test
    void withoutEligibleMapsNobodyLogsIn() {
        suite.mux.eligibleMaps(Set.of());
        suite.mux.start(List.of(), List.of());
        suite.pass(Duration.ofSeconds(1));
        assertThat(suite.dialed).isEmpty();

        suite.mux.eligibleMaps(Set.of(CAVE));
        suite.pass(Duration.ofMillis(100));

        assertThat(suite.dialed).containsExactly(Slot.MULTIPLEXER);
        suite.login();
        assertThat(announced()).containsExactly(CAVE.value());
    }

    @Test
    void loginEndsWhenThereAreNoEligibleMapsAnyMore() {
        suite.mux.start(List.of(), List.of());
        suite.mux.eligibleMaps(Set.of());
        suite.mux.upstreamOpened(Slot.MULTIPLEXER, suite.upstream);
        assertThat(suite.upstream.closed).contains("no map");
        assertThat(suite.upstream.sent).isEmpty();
    }

    @Test
    void whereNoMapIsHostedCoreGoesAlone() {
        suite.mux.eligibleMaps(Set.of());
        suite.mux.start(List.of(), List.of());
        Line core = new Line();
        MapServer server = suite.mux.serverOpened(ServerKey.CORE, false, core);
        suite.mux.fromServer(
                server, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60).text(2, 24, "core"));
        assertThat(suite.dialed).containsExactly(Slot.CORE);
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        assertThat(suite.coreUpstream.ids()).containsExactly("2af8");

        suite.mux.eligibleMaps(Set.of(TOWER));
        suite.pass(Duration.ofMillis(200));
        assertThat(suite.dialed).containsExactly(Slot.CORE, Slot.MULTIPLEXER);
        assertThat(core.closed).as("it stays").isNull();
    }

    @Test
    void otherMapsAreAnnouncedByOneLoginAnewAndEverybodyIsBackInIt() {
        suite.up();
        Cell reserve = suite.reserve();
        Line core = new Line();
        suite.mux.serverOpened(ServerKey.CORE, false, core);
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        Player player = player(1);
        suite.plays(player, FIELD, suite.cell(FIELD, 1));
        suite.dialed.clear();

        suite.mux.eligibleMaps(Set.of(FIELD, CAVE, TOWER));
        suite.mux.eligibleMaps(Set.of(FIELD, TOWER));

        assertThat(suite.upstream.closed).contains("eligible maps changed");
        assertThat(suite.mux.isUp()).isFalse();
        suite.pass(Duration.ofMinutes(1));
        assertThat(suite.dialed).as("not before the old link is gone").isEmpty();
        suite.charServerDies();
        assertThat(core.closed).isNotNull();
        Line coreAgain = new Line();
        suite.mux.fromServer(
                suite.mux.serverOpened(ServerKey.CORE, false, coreAgain), Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60));
        suite.pass(Duration.ofMillis(200));
        suite.login();

        assertThat(suite.dialed).containsExactly(Slot.MULTIPLEXER, Slot.CORE);
        assertThat(announced()).containsExactly(FIELD.value(), TOWER.value());
        assertThat(suite.upstream.last(MapToChar.CHAR_ONLINE).i32(6)).isEqualTo(player.account());
        assertThat(reserve.line().closed).isNull();
        suite.upstream.closed = null;
        suite.mux.eligibleMaps(Set.of(TOWER, FIELD));
        assertThat(suite.upstream.closed).as("the same maps").isNull();
    }

    private List<String> announced() {
        return new MapList(suite.upstream.last(MapToChar.MAP_LIST)).maps();
    }

    @Test
    void mapsThatChangeBeforeTheyAreAnnouncedNeedNoLoginAnew() {
        suite.mux.start(List.of(), List.of());
        suite.mux.upstreamOpened(Slot.MULTIPLEXER, suite.upstream);

        suite.mux.eligibleMaps(Set.of(TOWER));
        suite.login();

        assertThat(suite.upstream.closed).isNull();
        assertThat(announced()).containsExactly(TOWER.value());
    }

    @Test
    void mapsThatChangeWhileTheyAreAnnouncedBringCoreInOnlyAfterTheLoginAnew() {
        suite.mux.start(List.of(), List.of());
        suite.mux.serverOpened(ServerKey.CORE, false, new Line());
        suite.mux.upstreamOpened(Slot.MULTIPLEXER, suite.upstream);
        suite.mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        suite.answerKeepAlive();
        assertThat(suite.upstream.ids()).endsWith("2afa");

        suite.mux.eligibleMaps(Set.of(TOWER));
        suite.mux.fromUpstream(Slot.MULTIPLEXER, Packet.variable(CharToMap.MAPS_ACCEPTED, 53));

        assertThat(suite.dialed).containsExactly(Slot.MULTIPLEXER);
    }

    @Test
    void mapServersLearnOfOtherMapsAtOnce() {
        suite.up();
        Cell cell = suite.cell(FIELD, 1);

        suite.mux.eligibleMaps(Set.of(FIELD, TOWER));

        assertThat(cell.line().ids()).containsExactly("2b04", "2b04", "2b20", "2b20");
        assertThat(new RemoteMaps(cell.line().sent.getFirst()).maps()).containsExactly(TOWER.value());
        assertThat(new RemoteMaps(cell.line().sent.getLast()).maps()).containsExactly(CAVE.value());
        cell.line().take();
        suite.mux.eligibleMaps(Set.of(FIELD, TOWER, CAVE));
        assertThat(cell.line().ids()).as("none is gone").containsExactly("2b04");
    }

    @Test
    void whoIsOnAMapThatIsEligibleNoLongerStaysUntilHeLeaves() {
        suite.up();
        Cell cell = suite.cell(FIELD, 1);
        Player player = player(1);
        suite.plays(player, FIELD, cell);

        suite.mux.eligibleMaps(Set.of(CAVE));
        suite.charServerDies();
        suite.pass(Duration.ofMillis(200));
        suite.login();
        suite.upstream.take();

        suite.from(cell, suite.save(player, FIELD.value(), 0));
        assertThat(suite.upstream.take()).as("his saves count").containsExactly("2b01");
        suite.enters(player(2));
        suite.accepted(player(2), FIELD);
        assertThat(suite.answers.getLast())
                .isInstanceOfSatisfying(
                        EntryAnswer.Refused.class, no -> assertThat(no.code()).isEqualTo(EntryAnswer.Code.REJECTED));
        suite.upstream.take();
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(suite.upstream.ids()).containsExactly("2b01");
        assertThat(suite.violations).isEmpty();
    }

    @Test
    void moreMapsThanACharServerCanHoldAreRefused() {
        Set<MapName> most = IntStream.range(0, 2_000)
                .mapToObj(number -> MapName.of("map" + number))
                .collect(Collectors.toSet());
        suite.mux.eligibleMaps(most);
        most.add(CAVE);
        assertThatThrownBy(() -> suite.mux.eligibleMaps(most)).hasMessageContaining("2001 (expected: at most 2000)");
        assertThatThrownBy(() -> suite.mux.eligibleMaps(Set.of(MapName.of("guild_castle"))))
                .hasMessageContaining("guild_castle");
    }

    // ---- core's link ----

    @Test
    void coreThatComesBackWhileItsOldLinkEndsIsNotPutOffByThatEnd() {
        suite.up();
        suite.mux.serverOpened(ServerKey.CORE, false, new Line());
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);

        Line again = new Line();
        suite.mux.serverOpened(ServerKey.CORE, false, again);
        assertThat(suite.coreUpstream.closed).isNotNull();
        suite.mux.upstreamClosed(Slot.CORE);
        Line anew = new Line();
        suite.mux.upstreamOpened(Slot.CORE, anew);

        assertThat(again.closed).isNull();
        assertThat(suite.dialed).containsExactly(Slot.MULTIPLEXER, Slot.CORE, Slot.CORE);
        suite.mux.upstreamClosed(Slot.CORE);
        assertThat(again.closed).as("its own link's end").isNotNull();
    }

    @Test
    void coresLinkIsKeptAliveAndCoreIsAnsweredOnlyWhatItAsked() {
        suite.up();
        Line core = new Line();
        MapServer server = suite.mux.serverOpened(ServerKey.CORE, false, core);
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        suite.pass(Duration.ofSeconds(5));
        assertThat(suite.coreUpstream.take()).as("nothing before it is let in").isEmpty();

        suite.mux.fromUpstream(Slot.CORE, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        suite.pass(Duration.ofMillis(100));
        suite.mux.fromServer(server, KeepAlive.request());
        suite.pass(Duration.ofSeconds(1));
        assertThat(suite.coreUpstream.take()).containsExactly("2b23", "2b23", "2b23");
        core.take();
        suite.mux.fromUpstream(Slot.CORE, KeepAlive.answer());
        assertThat(core.take()).isEmpty();
        suite.mux.fromUpstream(Slot.CORE, KeepAlive.answer());
        assertThat(core.take()).containsExactly("2b24");
        suite.mux.fromUpstream(Slot.CORE, KeepAlive.answer());
        assertThat(core.take()).isEmpty();
    }

    @Test
    void keepAlivesOfCoresLinkThatNobodyAnswersAreBounded() {
        suite.up();
        Line core = new Line();
        MapServer server = suite.mux.serverOpened(ServerKey.CORE, false, core);
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        suite.mux.fromUpstream(Slot.CORE, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        for (int second = 0; second < 2 * CoreLink.MAX_KEEP_ALIVES; second++) {
            suite.pass(Duration.ofSeconds(1));
            suite.mux.fromUpstream(Slot.MULTIPLEXER, KeepAlive.answer());
        }
        assertThat(suite.coreUpstream.take()).hasSize(CoreLink.MAX_KEEP_ALIVES);
        for (int asked = 0; asked <= CoreLink.MAX_KEEP_ALIVES; asked++) {
            assertThat(core.closed).isNull();
            suite.mux.fromServer(server, KeepAlive.request());
        }
        assertThat(core.closed).contains("not answered");
    }

    @Test
    void coreThatWasDialedForBeforeTheCharServerWasLostWaitsForItsTurn() {
        suite.up();
        suite.mux.serverOpened(ServerKey.CORE, false, new Line());
        suite.charServerDies();
        Line core = new Line();
        suite.mux.serverOpened(ServerKey.CORE, false, core);

        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        assertThat(suite.coreUpstream.closed).contains("its turn is not yet");
        suite.mux.upstreamClosed(Slot.CORE);

        assertThat(core.closed).isNull();
        suite.dialed.clear();
        suite.pass(Duration.ofMillis(200));
        suite.login();
        assertThat(suite.dialed).containsExactly(Slot.MULTIPLEXER, Slot.CORE);
    }

    // ---- how things are ----

    @Test
    void reservesAddressIsWhatItSaidLast() {
        suite.up();
        assertThat(suite.mux.reserveAddress()).isEmpty();
        MapServer reserve = suite.mux.serverOpened(ServerKey.RESERVE, false, new Line());
        suite.mux.fromServer(
                reserve,
                MapServerLogin.of("any", "any", MuxUnderTest.CORE.ip(), 5_122).packet());
        assertThat(suite.mux.reserveAddress()).contains(new Address(MuxUnderTest.CORE.ip(), 5_122));

        suite.mux.serverClosed(reserve);
        suite.cell(FIELD, 1);

        assertThat(suite.mux.reserveAddress()).as("not a host's").contains(new Address(MuxUnderTest.CORE.ip(), 5_122));
    }

    @Test
    void playersAndServersAreCounted() {
        suite.up();
        suite.mux.serverOpened(ServerKey.CORE, false, new Line());
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        suite.mux.fromUpstream(Slot.CORE, MuxUnderTest.authOk(player(1), MuxUnderTest.TOWN));
        suite.plays(player(2), FIELD, suite.cell(FIELD, 1));
        suite.mux.serverOpened(ServerKey.RESERVE, false, new Line());

        assertThat(suite.mux.sessionCounts())
                .hasSize(SessionState.values().length)
                .containsEntry(SessionState.CORE, 1)
                .containsEntry(SessionState.PLAYING, 1)
                .containsEntry(SessionState.LEAVING, 0);
        assertThat(suite.mux.serverCounts())
                .hasSize(MapServer.Login.values().length)
                .containsEntry(MapServer.Login.CONNECTED, 1)
                .containsEntry(MapServer.Login.WAITING, 0)
                .containsEntry(MapServer.Login.ANNOUNCED, 1);
    }

    @Test
    void silentCharServerIsGivenUp() {
        suite.up();
        suite.pass(Duration.ofSeconds(1));
        assertThat(suite.upstream.take()).endsWith("2b23");

        suite.pass(Duration.ofSeconds(4));

        assertThat(suite.upstream.closed).contains("keep-alive");
    }
}
