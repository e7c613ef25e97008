package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.CAVE;
import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.TOWN;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static io.p2phost.dbproxy.mux.MuxUnderTest.statusOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Line;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.dbproxy.mux.Outside.Rehome;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.RemoteMaps;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Players between servers. */
class MovesTest {
    private final MuxUnderTest suite = new MuxUnderTest();
    private final Player player = player(1);
    private Cell cell;
    private int loginId1;

    @BeforeEach
    void play() {
        suite.up();
        cell = suite.cell(FIELD, 1);
        suite.plays(player, FIELD, cell);
        loginId1 = suite.routed().route().loginId1();
    }

    private Packet change(String map, int group) {
        return Packet.fixed(MapToChar.SERVER_CHANGE, 53)
                .u32(2, player.account())
                .u32(6, loginId1)
                .u32(10, loginId2())
                .u32(14, player.character())
                .text(18, 16, map)
                .u16(34, 33)
                .u16(36, 44)
                .i32be(38, MuxUnderTest.FRONT.ip())
                .u16be(42, MuxUnderTest.FRONT.port())
                .u32(49, group);
    }

    private int loginId2() {
        PlayerSession session = MuxUnderTest.row(suite.rows.getLast());
        return suite.pseudonyms().of(session).loginId2();
    }

    // ---- a host dies ----

    @Test
    void playersOfADeadHostAreHandedOverWithTheirNewestSaveAndNothingIsAskedUpstream() {
        Packet save = suite.save(player, FIELD.value(), 0);
        statusOf(save).set("base_exp", 777).lastPoint(new MapPoint(FIELD.value(), 91, 92));
        suite.from(cell, save);
        suite.upstream.sent.clear();

        Cell next = suite.cell(FIELD, 2);
        Rehome move = suite.rehomes.getFirst();
        assertThat(move.route().server()).isEqualTo(next.server().key());
        assertThat(move.route().loginId1()).as("of the new server").isNotEqualTo(loginId1);
        assertThat(List.of(move.x(), move.y())).containsExactly(91, 92);
        suite.enters(player);
        assertThat(suite.routed().state()).isEqualTo(SessionState.HANDOVER);
        suite.collects(next, player, move.route().loginId1());

        Packet ok = next.line().last(CharToMap.AUTH_OK);
        CharStatus record = new CharStatus(ok, 25, MuxUnderTest.LAYOUT.character());
        assertThat(record.baseExp()).isEqualTo(777);
        assertThat(record.lastPoint()).isEqualTo(new MapPoint(FIELD.value(), 91, 92));
        assertThat(ok.u8(24)).as("from another server").isEqualTo(1);
        assertThat(suite.upstream.sent).isEmpty();
    }

    @Test
    void handOverNeedsNoCharServer() {
        suite.charServerDies();
        Cell next = suite.cell(FIELD, 2);

        suite.enters(player);
        suite.collects(next, player, suite.routed().route().loginId1());

        assertThat(next.line().ids()).contains("2afd");
    }

    @Test
    void loadsAreAnsweredFromWhatIsKnownWhileTheCharServerIsAway() {
        suite.mux.fromUpstream(Slot.MULTIPLEXER, variables());
        suite.mux.fromUpstream(Slot.MULTIPLEXER, items());
        Packet saved = Packet.variable(MapToChar.SAVE_ITEMS, 46_237)
                .u8(4, 1)
                .u32(5, player.account())
                .u32(9, player.character())
                .u8(13 + 24, 42);
        suite.from(cell, saved);
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.charServerDies();
        Cell next = suite.cell(FIELD, 2);
        suite.collects(next, player, suite.rehomes.getFirst().route().loginId1());
        next.line().sent.clear();

        suite.from(
                next,
                Packet.fixed(MapToChar.LOAD_VARIABLES, 13)
                        .u32(2, player.account())
                        .u32(6, player.character()));
        suite.from(next, load(1));
        suite.from(next, load(2));

        assertThat(next.line().ids()).as("no answer is invented for the cart").containsExactly("3804", "388a");
        assertThat(next.line().last(CharToMap.ITEMS).u8(10 + 24))
                .as("as saved since")
                .isEqualTo(42);
        suite.pass(Duration.ofMillis(200));
        suite.login();
        assertThat(suite.upstream.last(MapToChar.LOAD_ITEMS).u8(2))
                .as("the cart, when it is back")
                .isEqualTo(2);
    }

    private Packet variables() {
        return Packet.variable(CharToMap.VARIABLES, 16).u32(4, player.account()).u32(8, player.character());
    }

    private Packet items() {
        return Packet.variable(CharToMap.ITEMS, 46_234)
                .u8(4, 1)
                .u32(5, player.account())
                .u8(9, 1);
    }

    private Packet load(int kind) {
        return Packet.fixed(MapToChar.LOAD_ITEMS, 13)
                .u8(2, kind)
                .u32(3, player.account())
                .u32(7, player.character());
    }

    @Test
    void olderOrEqualEpochsChangeNothing() {
        suite.mux.ownerChanged(FIELD, Epoch.of(1), ServerKey.RESERVE);

        assertThat(suite.rehomes).isEmpty();
    }

    @Test
    void deadHostMayDoNothingMoreForHim() {
        suite.cell(FIELD, 2);
        suite.upstream.sent.clear();

        suite.from(cell, change(TOWN, 0));
        suite.from(
                cell,
                Packet.fixed(MapToChar.CHAR_OFFLINE, 10)
                        .u32(2, player.character())
                        .u32(6, player.account()));
        suite.from(cell, load(1));

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations).hasSize(3);
    }

    @Test
    void playerInLimboIsGivenUpAfterTwoMinutes() {
        suite.cell(FIELD, 2);
        suite.pass(Duration.ofSeconds(119));
        assertThat(suite.upstream.ids()).doesNotContain("2b17");
        suite.answerKeepAlive();

        suite.pass(Duration.ofSeconds(1));

        assertThat(suite.upstream.last(MapToChar.CHAR_OFFLINE).i32(6)).isEqualTo(player.account());
    }

    // ---- portals ----

    @Test
    void portalBetweenHostedMapsIsAnsweredHere() {
        Cell cave = suite.cell(CAVE, 4);
        Packet change = change(CAVE.value(), 0);
        suite.from(cell, change.copy());

        Packet answer = cell.line().last(CharToMap.SERVER_CHANGE_ANSWER);
        assertThat(answer.slice(2, 42)).isEqualTo(change.slice(2, 42));
        assertThat(suite.upstream.sent).isEmpty();
        suite.enters(player);
        EntryAnswer.Routed routed = suite.routed();
        assertThat(routed.route().epoch()).isEqualTo(Epoch.of(4));
        suite.collects(cave, player, routed.route().loginId1());
        CharStatus record = new CharStatus(cave.line().last(CharToMap.AUTH_OK), 25, MuxUnderTest.LAYOUT.character());
        assertThat(record.lastPoint()).isEqualTo(new MapPoint(CAVE.value(), 33, 44));
    }

    @Test
    void portalThatIsAskedForAgainOverTheNextLinkIsAnsweredAgain() {
        Cell cave = suite.cell(CAVE, 4);
        Packet change = change(CAVE.value(), 0);
        suite.from(cell, change.copy());
        suite.mux.serverClosed(cell.server());
        Cell again = suite.connect(cell.server().key(), false, FIELD);
        suite.from(again, change.copy());

        assertThat(again.line().last(CharToMap.SERVER_CHANGE_ANSWER).slice(2, 42))
                .isEqualTo(change.slice(2, 42));
        assertThat(suite.violations).isEmpty();
        suite.enters(player);
        suite.collects(cave, player, suite.routed().route().loginId1());
        again.line().sent.clear();
        suite.from(again, change.copy());
        assertThat(again.line().ids()).as("he is there").isEmpty();
    }

    @Test
    void portalToCoreThatIsAskedForAgainIsAnsweredOnceTheCharServerHas() {
        Packet change = change(TOWN, 0);
        suite.from(cell, change.copy());
        suite.mux.serverClosed(cell.server());
        Cell again = suite.connect(cell.server().key(), false, FIELD);
        suite.from(again, change.copy());
        assertThat(again.line().ids()).isEmpty();
        assertThat(suite.upstream.ids()).containsOnlyOnce("2b05");

        suite.mux.fromUpstream(Slot.MULTIPLEXER, accepted());
        assertThat(again.line().ids()).containsExactly("2b06");
        suite.from(again, change.copy());
        assertThat(again.line().ids()).containsExactly("2b06", "2b06");
        assertThat(again.line().last(CharToMap.SERVER_CHANGE_ANSWER).i32(6)).isEqualTo(loginId1);
    }

    /** It would throw him out. */
    @Test
    void serverWhosePlayerWalksToCoreIsLetInAfterARestartWhenCoreIsKnown() {
        suite.from(cell, change(TOWN, 0));
        MuxUnderTest restarted = new MuxUnderTest();
        restarted.mux.start(List.of(suite.rows.getLast()), List.of());
        restarted.loginWithoutCore();
        Cell back = restarted.connect(cell.server().key(), false, FIELD);
        assertThat(back.server().login).isEqualTo(MapServer.Login.WAITING);
        restarted.coreMaps();
        assertThat(back.server().login).isEqualTo(MapServer.Login.LOGGED_IN);
    }

    /** That one of its players walks there may have been on its way when this service ended. */
    @Test
    void serverThatHadPlayersIsLetInAfterARestartWhenCoreIsKnown() {
        MuxUnderTest restarted = new MuxUnderTest();
        restarted.mux.start(List.of(suite.rows.getLast()), List.of());
        restarted.loginWithoutCore();
        Cell back = restarted.connect(cell.server().key(), false, FIELD);
        assertThat(back.server().login).isEqualTo(MapServer.Login.WAITING);
        restarted.coreMaps();
        assertThat(back.server().login).isEqualTo(MapServer.Login.LOGGED_IN);
    }

    /** It is told that nobody goes there once it has asked again for those who are on their way. */
    @Test
    void serverThatComesBackWhileCoreIsAwayIsToldWhereCoreWas() {
        suite.from(cell, change(TOWN, 0));
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER,
                RemoteMaps.gone(MuxUnderTest.CORE.ip(), MuxUnderTest.CORE.port(), List.of(TOWN))
                        .packet());
        suite.mux.serverClosed(cell.server());
        Line line = new Line();
        MapServer back = suite.mux.serverOpened(cell.server().key(), false, line);
        suite.mux.fromServer(back, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60));
        suite.mux.fromServer(back, MapList.of(List.of(FIELD.value())).packet());
        List<String> told = line.ids();
        assertThat(told.indexOf("2b04")).isBetween(0, told.indexOf("2afb"));
        assertThat(told.lastIndexOf("2b20")).isGreaterThan(told.indexOf("2afb"));
    }

    /** Nobody answers what he asked for. */
    @Test
    void whoWasStillLoadingBeforeARestartIsMovedAnewUnlessASaveShowsThatHeIsThrough() {
        Player loading = player(2);
        suite.comes(loading, FIELD, cell);
        SessionRow row = suite.rows.getLast();
        MuxUnderTest restarted = new MuxUnderTest();
        restarted.mux.start(List.of(row), List.of());
        restarted.up();
        Cell back = restarted.connect(cell.server().key(), false, FIELD);
        restarted.pass(Duration.ofMillis(100));
        restarted.pass(Duration.ofSeconds(14));
        assertThat(restarted.rehomes).isEmpty();
        restarted.pass(Duration.ofSeconds(1));
        assertThat(restarted.rehomes).hasSize(1);

        MuxUnderTest other = new MuxUnderTest();
        other.mux.start(List.of(row), List.of());
        other.up();
        Cell his = other.connect(back.server().key(), false, FIELD);
        other.from(his, other.save(loading, FIELD.value(), 0));
        other.pass(Duration.ofMinutes(1));
        assertThat(other.rehomes).isEmpty();
    }

    @Test
    void coreIsNotWaitedForForEver() {
        suite.from(cell, change(TOWN, 0));
        MuxUnderTest restarted = new MuxUnderTest();
        restarted.mux.start(List.of(suite.rows.getLast()), List.of());
        restarted.loginWithoutCore();
        Cell back = restarted.connect(cell.server().key(), false, FIELD);
        restarted.pass(Duration.ofSeconds(11));
        assertThat(back.server().login).isEqualTo(MapServer.Login.LOGGED_IN);
    }

    @Test
    void whoQuitsAtAPortalIsNotWaitedForBehindIt() {
        suite.cell(CAVE, 4);
        suite.mux.connectionGone(player.account(), suite.rows.getLast().relayKnows());
        suite.from(cell, change(CAVE.value(), 0));

        assertThat(cell.line().ids()).as("it forgets him").containsExactly("2b06");
        assertThat(suite.upstream.ids())
                .as("with his status changes, which the char-server deleted when it read them")
                .containsExactly("2b1c", "2b17");
        assertThat(suite.rows).isEmpty();
    }

    @Test
    void whoIsBetweenServersWhenThisServiceRestartsMayBeUnknownToHisRelay() {
        suite.cell(CAVE, 4);
        suite.from(cell, change(CAVE.value(), 0));
        MuxUnderTest again = new MuxUnderTest();
        again.rows.addAll(suite.rows);
        again.mux.start(List.of(suite.rows.getLast()), List.of());
        again.login();
        again.pass(Duration.ofSeconds(2));

        again.mux.connectionGone(player.account(), again.rehomes.getLast().number());

        assertThat(again.rows).isEmpty();
        assertThat(again.upstream.ids()).endsWith("2b17");
    }

    /** Core has whoever comes with what is stored. */
    @Test
    void whoWalksToCoreGoesWhenHisSaveIsStored() {
        suite.upstream.takes = any -> false;
        Packet save = suite.save(player, FIELD.value(), 0);
        MuxUnderTest.statusOf(save).set("base_exp", 150);
        suite.from(cell, save);
        suite.from(cell, change(TOWN, 0));
        suite.answerKeepAlive();
        assertThat(suite.upstream.ids()).contains("2b01").doesNotContain("2b05");

        suite.upstream.takes = any -> true;
        for (int i = 0; i < 100 && !suite.upstream.ids().contains("2b05"); i++) {
            suite.pass(Duration.ofMillis(100));
            suite.answerKeepAlive();
        }
        assertThat(suite.upstream.ids()).contains("2b05");
    }

    @Test
    void portalToCoreCarriesTheRealIdsAndTheRealGroup() {
        suite.from(cell, change(TOWN, 0));

        Packet sent = suite.upstream.last(MapToChar.SERVER_CHANGE);
        assertThat(sent.i32(6)).isEqualTo(player.loginId1());
        assertThat(sent.i32(10)).isEqualTo(player.loginId1() + 1);
        assertThat(sent.u32(49)).isEqualTo(99);
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER,
                Packet.fixed(CharToMap.SERVER_CHANGE_ANSWER, 44).bytes(2, sent.slice(2, 42)));
        assertThat(cell.line().last(CharToMap.SERVER_CHANGE_ANSWER).i32(6)).isEqualTo(loginId1);
        assertThat(cell.line().last(CharToMap.SERVER_CHANGE_ANSWER).i32(10)).isNotEqualTo(player.loginId1() + 1);
        suite.mux.fromUpstream(Slot.CORE, MuxUnderTest.authOk(player, TOWN));
        assertThat(suite.rows.getLast().state()).isEqualTo(SessionState.CORE);
    }

    private Packet accepted() {
        return Packet.fixed(CharToMap.SERVER_CHANGE_ANSWER, 44)
                .bytes(2, suite.upstream.last(MapToChar.SERVER_CHANGE).slice(2, 42));
    }

    @Test
    void whoseHostDiesWhileHeGoesToCoreIsToldTheWayByHisRelay() {
        suite.from(cell, change(TOWN, 0));
        suite.mux.serverClosed(cell.server());
        suite.mux.fromUpstream(Slot.MULTIPLEXER, accepted());

        Rehome move = suite.rehomes.getFirst();
        assertThat(move.front()).isEqualTo(new Outside.Front(MuxUnderTest.CORE.dotted(), MuxUnderTest.CORE.port()));
        assertThat(move.route().map()).isEqualTo(MapName.of(TOWN));
        assertThat(List.of(move.x(), move.y())).containsExactly(33, 44);
        suite.mux.fromUpstream(Slot.CORE, MuxUnderTest.authOk(player, TOWN));
        assertThat(suite.rows.getLast().state()).isEqualTo(SessionState.CORE);
    }

    @Test
    void relayThatAsksForOneWhoGoesToCoreIsToldTheWay() {
        suite.from(cell, change(TOWN, 0));
        suite.enters(player);
        assertThat(suite.rehomes).as("the char-server has not answered").isEmpty();
        suite.mux.fromUpstream(Slot.MULTIPLEXER, accepted());
        suite.enters(player);

        assertThat(suite.rehomes)
                .singleElement()
                .satisfies(move -> assertThat(move.front()).isNotNull());
        assertThat(suite.answers.getLast()).isInstanceOf(EntryAnswer.Refused.class);
        assertThat(suite.upstream.ids())
                .as("it would take that for his arrival")
                .doesNotContain("2b26");
    }

    @Test
    void refusedPortalOfOneWhoseHostDiedBringsHimToTheNext() {
        suite.from(cell, change(TOWN, 0));
        Cell next = suite.cell(FIELD, 2);
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER,
                Packet.fixed(CharToMap.SERVER_CHANGE_ANSWER, 44).u32(2, player.account()));

        assertThat(suite.rehomes.getFirst().route().server())
                .isEqualTo(next.server().key());
        suite.collects(next, player, suite.rehomes.getFirst().route().loginId1());
        assertThat(next.line().ids()).contains("2afd");
    }

    @Test
    void refusedPortalLeavesHimWhereHeIs() {
        suite.from(cell, change(TOWN, 0));
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER,
                Packet.fixed(CharToMap.SERVER_CHANGE_ANSWER, 44).u32(2, player.account()));

        assertThat(cell.line().last(CharToMap.SERVER_CHANGE_ANSWER).i32(6)).isZero();
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        assertThat(suite.upstream.ids()).contains("2b01");
    }

    @Test
    void portalToCoreWhileTheCharServerIsAwayGoesThroughWhenItIsBack() {
        suite.charServerDies();
        suite.from(cell, change(TOWN, 0));
        assertThat(cell.line().ids()).doesNotContain("2b06");
        suite.mux.serverOpened(ServerKey.CORE, false, new Line());

        suite.pass(Duration.ofMillis(200));
        suite.login();
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        suite.mux.fromUpstream(Slot.CORE, Packet.variable(CharToMap.MAPS_ACCEPTED, 53));

        assertThat(suite.upstream.ids().stream().filter("2b05"::equals))
                .as("once, after core")
                .hasSize(1);
        assertThat(suite.upstream.ids().getLast()).isEqualTo("2b05");
    }

    @Test
    void serverChangeWithOtherIdsOrToNowhereIsRefused() {
        suite.from(cell, change(CAVE.value(), 0).u32(6, player.loginId1()));
        suite.from(cell, change("guild_vs1", 0));
        suite.from(cell, change("a'b", 0));

        assertThat(cell.line().ids()).containsExactly("2b06", "2b06", "2b06");
        assertThat(cell.line().sent).allMatch(answer -> answer.i32(6) == 0);
        assertThat(suite.violations)
                .extracting(Violation::kind)
                .containsExactly(Violation.Kind.FOREIGN_ID, Violation.Kind.NOT_TAKEN, Violation.Kind.NOT_TAKEN);
        assertThat(suite.upstream.sent).isEmpty();
    }

    // ---- planned ----

    @Test
    void plannedMoveWaitsForTheFinalSaveAndLosesNothing() {
        suite.mux.release(FIELD);
        assertThat(suite.relayOrders).containsExactly("release " + player.account());
        Packet last = suite.save(player, FIELD.value(), 1);
        statusOf(last).set("base_exp", 1_050);
        suite.from(cell, last);

        assertThat(suite.upstream.last(MapToChar.SAVE_CHARACTER).u8(12))
                .as("he stays online")
                .isZero();
        assertThat(cell.line().ids()).containsExactly("2b21");
        assertThat(suite.mux.playersOn(FIELD)).isZero();
        Cell next = suite.cell(FIELD, 2);
        suite.collects(next, player, suite.rehomes.getFirst().route().loginId1());
        assertThat(new CharStatus(next.line().last(CharToMap.AUTH_OK), 25, MuxUnderTest.LAYOUT.character()).baseExp())
                .isEqualTo(1_050);
    }

    /** No relay reaches the host, so no relay can end the players' connections there. */
    @Test
    void hostThatOnlyItsCharLinkReachesIsAskedItselfForFinalSaves() {
        suite.mux.recall(FIELD);
        assertThat(suite.relayOrders).isEmpty();
        assertThat(cell.line().take()).containsExactly("2b1f", "3801");
        Packet last = suite.save(player, FIELD.value(), 1);
        statusOf(last).set("base_exp", 1_050);
        suite.from(cell, last);
        assertThat(suite.upstream.last(MapToChar.SAVE_CHARACTER).u8(12))
                .as("he stays online")
                .isZero();
        assertThat(suite.mux.playersOn(FIELD)).isZero();
        suite.mux.ownerChanged(FIELD, Epoch.of(2), ServerKey.RESERVE);
        assertThat(suite.rehomes.getLast().route().server()).isEqualTo(ServerKey.RESERVE);
        assertThat(suite.rehomes.getLast().front()).isNull();
    }

    // ---- a relay loses a host that another one hears ----

    private HostId host() {
        return ((ServerKey.Cell) cell.server().key()).host();
    }

    private void after(Duration time) {
        suite.now = suite.now.plus(time);
        suite.mux.tick();
    }

    private static final Outside.Front OTHER = new Outside.Front("relay-2.example", 7000);

    @Test
    void playersOfARelayThatLostTheHostAreSavedAndGoOnThroughAnother() {
        assertThat(suite.mux.carry(host(), MuxUnderTest.RELAY, OTHER)).isEqualTo(1);
        assertThat(cell.line().ids()).containsExactly("2b1f", "3801");
        suite.answersWhisper(cell);
        cell.line().take();
        assertThat(suite.rehomes).isEmpty();
        Packet last = suite.save(player, FIELD.value(), 1);
        statusOf(last).set("base_exp", 1_050);
        suite.from(cell, last);
        Outside.Rehome order = suite.rehomes.getLast();
        assertThat(order.relay()).isEqualTo(MuxUnderTest.RELAY);
        assertThat(order.front()).isEqualTo(OTHER);
        assertThat(order.route().server()).isEqualTo(cell.server().key());

        // His client comes by the other relay, and his old one's word that he is gone is about the past.
        suite.enters(player, "relay-2");
        suite.mux.connectionGone(player.account(), order.number() - 1);
        suite.collects(cell, player, suite.routed().route().loginId1());
        assertThat(new CharStatus(cell.line().last(CharToMap.AUTH_OK), 25, MuxUnderTest.LAYOUT.character()).baseExp())
                .isEqualTo(1_050);
        suite.mux.tick();
        assertThat(suite.rows.getLast().relay()).isEqualTo("relay-2");
        assertThat(suite.violations).isEmpty();
    }

    @Test
    void whoIsNotSavedInTwoSecondsGoesOnAllTheSame() {
        suite.mux.carry(host(), MuxUnderTest.RELAY, OTHER);
        suite.answersWhisper(cell);
        after(Duration.ofMillis(1_900));
        assertThat(suite.rehomes).isEmpty();
        after(Duration.ofMillis(200));
        assertThat(suite.rehomes.getLast().front()).isEqualTo(OTHER);
    }

    /** He would be thrown out by the very word that made room for him. */
    @Test
    void whoseMapServerHasNotHeardThatItIsToLetHimGoDoesNotComeBackToItBefore() {
        suite.mux.carry(host(), MuxUnderTest.RELAY, OTHER);
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        after(Duration.ofSeconds(3));
        assertThat(suite.rehomes).isEmpty();

        suite.answersWhisper(cell);
        after(Duration.ofSeconds(1));
        assertThat(suite.rehomes.getLast().front()).isEqualTo(OTHER);
    }

    @Test
    void playersOfOtherRelaysAndHostsStay() {
        HostId host = host();
        assertThat(suite.mux.carry(host, "relay-2", OTHER)).isZero();
        assertThat(suite.mux.carry(HostId.random(), MuxUnderTest.RELAY, OTHER)).isZero();
        assertThat(cell.line().ids()).isEmpty();
    }

    @Test
    void relaysPlayersAreMovedToAnotherSomeAtATimeAndSavedFirst() {
        assertThat(suite.mux.shed("relay-2", OTHER, 0, 50)).isEqualTo(new Shed(0, 0));
        assertThat(suite.mux.shed(MuxUnderTest.RELAY, OTHER, player.account() + 1, 50))
                .isEqualTo(new Shed(0, 0));
        assertThat(suite.mux.shed(MuxUnderTest.RELAY, OTHER, 0, 0)).isEqualTo(new Shed(0, 1));
        assertThat(cell.line().ids()).isEmpty();

        assertThat(suite.mux.shed(MuxUnderTest.RELAY, OTHER, player.account(), 50))
                .isEqualTo(new Shed(1, 0));
        assertThat(cell.line().ids()).containsExactly("2b1f", "3801");
        suite.answersWhisper(cell);
        cell.line().take();
        assertThat(suite.mux.shed(MuxUnderTest.RELAY, OTHER, 0, 50))
                .as("on his way")
                .isEqualTo(new Shed(0, 1));
        assertThat(suite.rehomes).isEmpty();
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(suite.rehomes.getLast().front()).isEqualTo(OTHER);
        assertThat(suite.rehomes.getLast().route().server())
                .isEqualTo(cell.server().key());

        suite.enters(player, "relay-2");
        suite.collects(cell, player, suite.routed().route().loginId1());
        suite.mux.tick();
        assertThat(suite.rows.getLast().relay()).isEqualTo("relay-2");
        assertThat(suite.mux.shed(MuxUnderTest.RELAY, OTHER, 0, 50)).isEqualTo(new Shed(0, 0));
    }

    @Test
    void playerOnTheReserveIsMovedToAnotherRelayLikewise() {
        Cell reserve = suite.reserve();
        suite.mux.ownerChanged(FIELD, Epoch.of(2), ServerKey.RESERVE);
        suite.enters(player);
        suite.collects(reserve, player, suite.routed().route().loginId1());
        reserve.line().take();
        suite.rehomes.clear();

        assertThat(suite.mux.shed(MuxUnderTest.RELAY, OTHER, 0, 50)).isEqualTo(new Shed(1, 0));
        assertThat(reserve.line().ids()).containsExactly("2b1f", "3801");
        suite.answersWhisper(reserve);
        suite.from(reserve, suite.save(player, FIELD.value(), 1));
        assertThat(suite.rehomes.getLast().front()).isEqualTo(OTHER);
        assertThat(suite.rehomes.getLast().route().server()).isEqualTo(ServerKey.RESERVE);
    }

    // ---- portals on the reserve ----

    @Test
    void whoWalksOnTheReserveToAHostedMapGoesOnAtTheHostOnceHeIsSaved() {
        Cell reserve = suite.reserve();
        Player walker = player(2);
        suite.plays(walker, CAVE, reserve);
        assertThat(suite.mux.reservePlayers()).containsExactly(Map.entry(CAVE, 1));
        assertThat(suite.mux.directPlayers()).isEmpty();
        long number = suite.routed().number();
        assertThat(suite.mux.walked(walker.account(), number, FIELD, 33, 44)).isTrue();
        assertThat(suite.rehomes).as("not before he is saved").isEmpty();

        Packet last = suite.save(walker, FIELD.value(), 1);
        statusOf(last).lastPoint(new MapPoint(FIELD.value(), 33, 44)).set("base_exp", 1_050);
        suite.from(reserve, last);
        assertThat(suite.upstream.last(MapToChar.SAVE_CHARACTER).u8(12))
                .as("he stays online")
                .isZero();
        assertThat(reserve.line().ids()).contains("2b21");
        Rehome move = suite.rehomes.getFirst();
        assertThat(move.route().server()).isEqualTo(cell.server().key());
        assertThat(List.of(move.route().map(), move.x(), move.y())).containsExactly(FIELD, 33, 44);
        suite.collects(cell, walker, move.route().loginId1());
        CharStatus record = new CharStatus(cell.line().last(CharToMap.AUTH_OK), 25, MuxUnderTest.LAYOUT.character());
        assertThat(record.lastPoint()).isEqualTo(new MapPoint(FIELD.value(), 33, 44));
        assertThat(record.baseExp()).isEqualTo(1_050);
    }

    @Test
    void walkToAMapThatNobodyHostsOrOfSomebodyWhoIsNotOnTheReserveStaysWhereItIs() {
        Cell reserve = suite.reserve();
        Player walker = player(2);
        suite.plays(walker, CAVE, reserve);
        long number = suite.routed().number();
        assertThat(suite.mux.walked(walker.account(), number, CAVE, 1, 1))
                .as("not hosted")
                .isFalse();
        assertThat(suite.mux.walked(walker.account(), number - 1, FIELD, 1, 1))
                .as("old")
                .isFalse();
        assertThat(suite.mux.walked(player.account(), number, FIELD, 1, 1))
                .as("on a host")
                .isFalse();
        assertThat(suite.mux.walked(1, 1, FIELD, 1, 1)).as("unknown").isFalse();
    }

    // ---- character select, kicks, leaving ----

    @Test
    void characterSelectNeedsThePlayersOwnWish() {
        Packet ask = Packet.fixed(MapToChar.CHAR_SELECT_REQUEST, 18)
                .u32(2, player.account())
                .u32(6, loginId1)
                .u32(10, loginId2());
        suite.from(cell, ask.copy());
        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations)
                .extracting(Violation::kind)
                .as("his relay's word may come later")
                .containsExactly(Violation.Kind.UNASKED);

        suite.mux.restartSeen(player.account());
        suite.from(cell, ask.copy());

        assertThat(suite.upstream.last(MapToChar.CHAR_SELECT_REQUEST).i32(6)).isEqualTo(player.loginId1());
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(suite.upstream.ids()).as("his final save is still taken").contains("2b01");
    }

    @Test
    void kickGoesToServerAndRelayAndEndsWhatAHostileHostIgnores() {
        Packet kick = Packet.fixed(CharToMap.KICK, 7).u32(2, player.account()).u8(6, 2);
        suite.mux.fromUpstream(Slot.MULTIPLEXER, kick.copy());
        assertThat(cell.line().ids()).containsExactly("2b1f", "3801");
        assertThat(suite.relayOrders).containsExactly("kick " + player.account());

        suite.pass(Duration.ofSeconds(5));

        assertThat(suite.upstream.last(MapToChar.CHAR_OFFLINE).i32(6)).isEqualTo(player.account());
        suite.upstream.sent.clear();
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        assertThat(suite.upstream.sent).isEmpty();
    }

    @Test
    void kickOfAPlayerWhomNoServerHasIsAnsweredAtOnce() {
        suite.cell(FIELD, 2);
        suite.mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.KICK, 7).u32(2, player.account()));

        assertThat(suite.upstream.last(MapToChar.CHAR_OFFLINE).i32(6)).isEqualTo(player.account());
    }

    @Test
    void answersGoToTheServerThatHasHimAndToNobodyElse() {
        Cell other = suite.cell(CAVE, 1);
        suite.mux.fromUpstream(Slot.MULTIPLEXER, items());
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER, Packet.variable(CharToMap.QUESTS, 8).u32(4, player.character()));
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER, Packet.variable(CharToMap.QUESTS, 8).u32(4, 999));

        assertThat(cell.line().ids()).containsExactly("388a", "3860");
        assertThat(other.line().sent).isEmpty();
    }

    // ---- players whose server says nothing more of them ----

    private long number() {
        return suite.rows.getLast().relayKnows();
    }

    @Test
    void playerWhoLeftWhileHeWasLoadedIsGivenUpSoon() {
        suite.mux.connectionGone(player.account(), number());
        suite.pass(Duration.ofMillis(4_900));
        suite.mux.connectionGone(player.account(), number());
        assertThat(suite.upstream.take()).doesNotContain("2b17");
        suite.pass(Duration.ofMillis(100));

        assertThat(suite.upstream.take()).contains("2b17");
        assertThat(suite.rows).isEmpty();
    }

    @Test
    void serverHasAMinuteForTheFinalSaveOfOneWhoLeft() {
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER,
                Packet.variable(CharToMap.VARIABLES, 16)
                        .u32(4, player.account())
                        .u32(8, player.character()));
        suite.mux.connectionGone(player.account(), number());
        for (int i = 0; i < 59; i++) {
            suite.pass(Duration.ofSeconds(1));
            suite.answerKeepAlive();
        }
        assertThat(suite.upstream.ids()).doesNotContain("2b17");
        suite.pass(Duration.ofSeconds(1));

        assertThat(suite.upstream.take()).contains("2b17");
        assertThat(suite.rows).isEmpty();
    }
}
