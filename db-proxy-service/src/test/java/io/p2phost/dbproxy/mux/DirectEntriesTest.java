package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.CAVE;
import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.TOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharSelectRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.OnlineUsers;
import io.p2phost.ro.inter.ServerChange;
import io.p2phost.ro.inter.ServerChangeAnswer;
import io.p2phost.ro.layout.MapPoint;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Players whose clients' packets no relay can read: the reserve asks about them itself, and keeps them. */
class DirectEntriesTest {
    private final Player player = MuxUnderTest.player(1);
    private MuxUnderTest suite = suite(true);
    private Cell reserve = suite.reserve();

    private static MuxUnderTest suite(boolean directEntries) {
        SaveLimits.Gain gain = new SaveLimits.Gain(1, 1, 1_000, 1_000, 0);
        return new MuxUnderTest(new SaveLimits(gain, Map.of(), List.of()), directEntries).up();
    }

    @BeforeEach
    void forgetGreeting() {
        suite.upstream.sent.clear();
    }

    private void comes(String map) {
        suite.collects(reserve, player, player.loginId1());
        suite.mux.fromUpstream(Outside.Slot.MULTIPLEXER, MuxUnderTest.authOk(player, map));
    }

    @Test
    void charServerIsAskedAndTheReserveHasHimByHisOwnIdsWhoeverOwnsTheMap() {
        suite.cell(FIELD, 5);

        suite.collects(reserve, player, player.loginId1());
        assertThat(suite.upstream.ids()).containsExactly("2b26");
        assertThat(reserve.line().ids()).isEmpty();
        suite.accepted(player, FIELD);

        Packet ok = reserve.line().last(CharToMap.AUTH_OK);
        assertThat(ok.i32(8)).isEqualTo(player.loginId1());
        assertThat(ok.i32(12)).isEqualTo(player.loginId1() + 1);
        assertThat(ok.u32(20)).as("group").isZero();
        assertThat(suite.rows.getLast().server()).isEqualTo(ServerKey.RESERVE);
        assertThat(suite.decisions).isEmpty();

        suite.collects(reserve, player, player.loginId1());
        assertThat(reserve.line().ids()).as("once").containsExactly("2afd", "2b27");
    }

    @Test
    void heStaysWhenHisMapIsHostedMovedOrTakenHome() {
        comes(FIELD.value());
        suite.cell(FIELD, 5);
        suite.mux.release(FIELD);

        assertThat(suite.mux.playersOn(FIELD)).isZero();
        assertThat(suite.mux.directPlayers()).containsExactly(Map.entry(FIELD, 1));
        assertThat(suite.mux.reservePlayers()).isEmpty();
        assertThat(suite.rehomes).isEmpty();
        assertThat(suite.relayOrders).isEmpty();
        suite.from(reserve, suite.save(player, FIELD.value(), 1));
        assertThat(suite.upstream.ids()).contains("2b01");
    }

    @Test
    void portalOfTheReserveToAnEligibleMapLeadsBackToIt() {
        comes(FIELD.value());
        suite.cell(CAVE, 3);
        suite.from(
                reserve,
                ServerChange.of(player.account(), player.character(), new MapPoint(CAVE.value(), 9, 9))
                        .loginIds(player.loginId1(), player.loginId1() + 1)
                        .packet());
        assertThat(new ServerChangeAnswer(reserve.line().last(CharToMap.SERVER_CHANGE_ANSWER)).accepted())
                .isTrue();

        suite.collects(reserve, player, player.loginId1());
        assertThat(reserve.line().ids()).endsWith("2afd");
    }

    @Test
    void characterSelectNeedsNoWordOfARelay() {
        comes(FIELD.value());
        suite.from(
                reserve,
                CharSelectRequest.of(player.account(), player.loginId1(), player.loginId1() + 1, 0)
                        .packet());
        assertThat(suite.upstream.ids()).contains("2b02");
        assertThat(suite.violations).isEmpty();
    }

    @Test
    void whoIsNotInTheListOfAReserveThatCameBackWentDownWithIt() {
        comes(FIELD.value());
        suite.from(
                reserve,
                OnlineUsers.of(List.of(new OnlineUsers.Player(player.account(), player.character())))
                        .packet());
        assertThat(suite.upstream.ids()).doesNotContain("2b17");

        suite.mux.serverClosed(reserve.server());
        Cell again = suite.reserve();
        suite.from(again, OnlineUsers.of(List.of()).packet());
        assertThat(suite.upstream.ids()).endsWith("2b17");
        assertThat(suite.rows).isEmpty();
    }

    @Test
    void hostsNeverAskAndAnUnknownLoginIsRefused() {
        Cell cell = suite.cell(FIELD, 5);
        suite.collects(cell, player, player.loginId1());
        assertThat(cell.line().ids()).containsExactly("2b27");
        assertThat(suite.upstream.ids()).isEmpty();

        suite.collects(reserve, player, player.loginId1());
        suite.mux.fromUpstream(
                Outside.Slot.MULTIPLEXER,
                Packet.fixed(CharToMap.AUTH_REFUSED, 19).u32(2, player.account()));
        assertThat(reserve.line().ids()).containsExactly("2b27");

        comes(TOWN);
        assertThat(reserve.line().ids()).as("a map that is not served here").containsExactly("2b27", "2b27");
    }

    @Test
    void withoutTheSettingTheReserveAsksInVain() {
        suite = suite(false);
        reserve = suite.reserve();
        suite.upstream.sent.clear();
        suite.collects(reserve, player, player.loginId1());
        assertThat(reserve.line().ids()).containsExactly("2b27");
        assertThat(suite.upstream.ids()).isEmpty();
    }

    @Test
    void whoIsAwaitedThroughARelayCannotBeHadBesideIt() {
        suite.enters(player);
        suite.accepted(player, FIELD);
        suite.collects(reserve, player, player.loginId1());
        assertThat(reserve.line().ids()).containsExactly("2b27");
        assertThat(suite.upstream.ids()).containsExactly("2b26");
    }
}
