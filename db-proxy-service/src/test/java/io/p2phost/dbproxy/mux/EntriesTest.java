package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.CAVE;
import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Line;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.layout.CharStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Players who enter: asked for upstream first, given to a server after. */
class EntriesTest {
    private final MuxUnderTest suite = new MuxUnderTest();
    private final Player player = player(1);
    private Cell cell;

    @BeforeEach
    void up() {
        suite.up();
        cell = suite.cell(FIELD, 1);
        suite.upstream.sent.clear();
    }

    @Test
    void nobodyReachesAHostBeforeTheCharServerKnowsHim() {
        suite.enters(player);
        Packet asked = suite.upstream.last(MapToChar.AUTH_REQUEST);
        assertThat(asked.u8(19)).as("autotrade").isZero();
        assertThat(asked.i32(10)).isEqualTo(player.loginId1());
        assertThat(suite.answers).isEmpty();

        suite.mux.fromUpstream(
                Slot.MULTIPLEXER, Packet.fixed(CharToMap.AUTH_REFUSED, 19).u32(2, player.account()));

        assertThat(suite.answers)
                .singleElement()
                .isInstanceOfSatisfying(
                        EntryAnswer.Refused.class, no -> assertThat(no.code()).isEqualTo(EntryAnswer.Code.REJECTED));
        assertThat(cell.line().sent).isEmpty();
    }

    @Test
    void hostLearnsPseudonymsAndNoGroup() {
        suite.enters(player);
        suite.accepted(player, FIELD);
        EntryAnswer.Routed routed = suite.routed();
        assertThat(routed.route().server()).isEqualTo(cell.server().key());
        assertThat(routed.route().loginId1()).isNotEqualTo(player.loginId1());
        assertThat(routed.group()).as("the relay may know").isEqualTo(99);

        suite.collects(cell, player, routed.route().loginId1());

        Packet ok = cell.line().last(CharToMap.AUTH_OK);
        assertThat(ok.i32(8)).isEqualTo(routed.route().loginId1());
        assertThat(ok.i32(12)).isNotEqualTo(player.loginId1() + 1);
        assertThat(ok.u32(20)).as("group").isZero();
        assertThat(new CharStatus(ok, 25, MuxUnderTest.LAYOUT.character()).zeny())
                .isEqualTo(500);
    }

    @Test
    void hostThatAsksForAPlayerWhoWasNotRoutedToItIsRefused() {
        suite.enters(player);
        suite.accepted(player, FIELD);
        int pseudonym = suite.routed().route().loginId1();
        Cell other = suite.cell(CAVE, 1);

        suite.collects(other, player, pseudonym);
        suite.collects(cell, player, player.loginId1());
        suite.collects(cell, player(2), pseudonym);

        assertThat(other.line().ids()).containsExactly("2b27");
        assertThat(cell.line().ids()).containsExactly("2b27", "2b27");
        suite.collects(cell, player, pseudonym);
        suite.collects(cell, player, pseudonym);
        assertThat(cell.line().ids()).as("once").containsExactly("2b27", "2b27", "2afd", "2b27");
    }

    @Test
    void autotradeReadIsRefusedAndReported() {
        suite.enters(player);
        suite.accepted(player, FIELD);

        suite.from(
                cell,
                Packet.fixed(MapToChar.AUTH_REQUEST, 20)
                        .u32(2, player.account())
                        .u32(6, player.character())
                        .u32(10, suite.routed().route().loginId1())
                        .u8(19, 1));

        assertThat(cell.line().ids()).containsExactly("2b27");
        assertThat(suite.violations)
                .singleElement()
                .satisfies(seen -> assertThat(seen.what()).contains("autotrade"));
        assertThat(suite.upstream.ids()).containsExactly("2b26");
    }

    @Test
    void sessionIsKeptBeforeTheRouteIsToldAndBeforeTheRecordIsGiven() {
        suite.storeAnswers = false;
        suite.enters(player);
        suite.accepted(player, FIELD);
        assertThat(suite.answers).isEmpty();

        suite.unanswered.removeFirst().run();
        suite.collects(cell, player, suite.routed().route().loginId1());
        assertThat(cell.line().sent).isEmpty();

        suite.unanswered.removeFirst().run();
        assertThat(cell.line().ids()).containsExactly("2afd");
    }

    @Test
    void mapWithoutHostIsServedByTheReserveWhileAHostIsChosen() {
        Cell reserve = suite.reserve();
        suite.enters(player);
        suite.accepted(player, CAVE);

        assertThat(suite.routed().route().server()).isEqualTo(ServerKey.RESERVE);
        assertThat(suite.decisions).containsExactly(CAVE + " " + player.account());
        suite.collects(reserve, player, suite.routed().route().loginId1());
        assertThat(reserve.line().ids()).containsExactly("2afd");
    }

    @Test
    void ownerWhoDiesBeforeItAskedIsReplacedByTheNext() {
        suite.enters(player);
        suite.accepted(player, FIELD);
        Cell next = suite.cell(FIELD, 2);

        assertThat(suite.rehomes)
                .singleElement()
                .satisfies(move -> assertThat(move.route().server())
                        .isEqualTo(next.server().key()));
        suite.collects(next, player, suite.rehomes.getFirst().route().loginId1());

        assertThat(next.line().ids()).containsExactly("2afd");
        assertThat(suite.upstream.ids()).as("asked once").containsExactly("2b26");
    }

    @Test
    void playerWhomNobodyFetchesIsOfflineAfterTwentySeconds() {
        suite.enters(player);
        suite.accepted(player, FIELD);

        suite.pass(Duration.ofSeconds(20));

        Packet offline = suite.upstream.last(MapToChar.CHAR_OFFLINE);
        assertThat(offline.i32(2)).isEqualTo(player.character());
        assertThat(offline.i32(6)).isEqualTo(player.account());
        assertThat(suite.rows).isEmpty();
    }

    @Test
    void playerWhoseConnectionIsGoneIsOfflineAtOnce() {
        suite.enters(player);
        suite.accepted(player, FIELD);

        suite.mux.connectionGone(player.account(), suite.routed().number());

        assertThat(suite.upstream.last(MapToChar.CHAR_OFFLINE).i32(6)).isEqualTo(player.account());
    }

    /** His client gave up waiting and came again; the word on its first connection was held up. */
    @Test
    void lateWordOnAConnectionBeforeDoesNotEndTheOneThatCameAfterIt() {
        suite.enters(player);
        suite.accepted(player, FIELD);
        long first = suite.routed().number();
        suite.enters(player);
        assertThat(suite.answers).hasSize(2);
        assertThat(suite.routed().number()).as("another connection").isGreaterThan(first);

        suite.mux.connectionGone(player.account(), first);
        assertThat(suite.upstream.ids()).as("he is awaited still").doesNotContain("2b17");
        suite.collects(cell, player, suite.routed().route().loginId1());
        suite.mux.connectionGone(player.account(), first);
        for (int second = 0; second < 70; second++) {
            suite.pass(Duration.ofSeconds(1));
            suite.answerKeepAlive();
        }

        assertThat(suite.upstream.ids())
                .as("nor is he thrown out a minute later")
                .doesNotContain("2b17");
    }

    /** The order to throw him out waited for his relay, which came back when he had logged in anew. */
    @Test
    void lateOrderAboutASessionBeforeIsNotAboutTheOneThatCameAfterIt() {
        suite.enters(player);
        suite.accepted(player, FIELD);
        long first = suite.routed().number();
        suite.mux.connectionGone(player.account(), first);
        assertThat(suite.rows).as("nothing is known of him any more").isEmpty();
        suite.pass(Duration.ofSeconds(1));

        suite.enters(player);
        suite.accepted(player, FIELD);

        assertThat(suite.routed().number()).isGreaterThan(first);
    }

    @Test
    void silentCharServerRefusesAfterFiveSecondsAndALateYesIsTakenBack() {
        suite.enters(player);
        suite.pass(Duration.ofSeconds(1));
        suite.answerKeepAlive();
        suite.pass(Duration.ofSeconds(3));
        suite.answerKeepAlive();
        suite.pass(Duration.ofSeconds(1));
        assertThat(suite.answers)
                .singleElement()
                .isInstanceOfSatisfying(
                        EntryAnswer.Refused.class,
                        no -> assertThat(no.code()).isEqualTo(EntryAnswer.Code.SERVER_CLOSED));

        suite.accepted(player, FIELD);

        assertThat(suite.upstream.last(MapToChar.CHAR_OFFLINE).i32(6)).isEqualTo(player.account());
    }

    @Test
    void whileTheCharServerIsAwayNobodyNewEnters() {
        suite.charServerDies();
        suite.enters(player);

        assertThat(suite.answers)
                .singleElement()
                .isInstanceOfSatisfying(
                        EntryAnswer.Refused.class,
                        no -> assertThat(no.code()).isEqualTo(EntryAnswer.Code.SERVER_CLOSED));
    }

    @Test
    void newLoginOfAPlayingAccountThrowsTheOldOneOut() {
        suite.plays(player, FIELD, cell);
        suite.enters(player);
        assertThat(suite.answers.getLast()).as("the same login").isInstanceOf(EntryAnswer.Refused.class);
        assertThat(suite.upstream.sent).isEmpty();

        suite.mux.enter(
                new EntryRequest(MuxUnderTest.RELAY, 0x0a000001, player.account(), player.character(), 4_711, 0),
                suite.answers::add);
        suite.accepted(player, FIELD);

        assertThat(cell.line().last(CharToMap.KICK).i32(2)).isEqualTo(player.account());
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(suite.upstream.ids()).as("the old one writes nothing").doesNotContain("2b01");
    }

    @Test
    void whoWasThrownOutEntersAgainOnceHisMapServerHasHeardOfIt() {
        suite.plays(player, FIELD, cell);
        entersAnew();
        suite.accepted(player, FIELD);
        int before = suite.answers.size();

        suite.pass(Duration.ofSeconds(1));
        assertThat(suite.answers).as("it would throw out the new one").hasSize(before);

        suite.answersWhisper(cell);
        suite.pass(Duration.ofMillis(100));
        assertThat(suite.routed().route().server()).isEqualTo(cell.server().key());
        assertThat(suite.answers).hasSize(before + 1);
    }

    @Test
    void whoseMapServerDoesNotHearOfItIsToldToTryAgain() {
        suite.plays(player, FIELD, cell);
        entersAnew();
        suite.accepted(player, FIELD);

        suite.pass(Duration.ofSeconds(5));
        assertThat(suite.answers.getLast())
                .isInstanceOfSatisfying(
                        EntryAnswer.Refused.class,
                        no -> assertThat(no.code()).isEqualTo(EntryAnswer.Code.STILL_RECOGNISED));

        suite.enters(player);
        suite.answersWhisper(cell);
        suite.pass(Duration.ofMillis(100));
        assertThat(suite.routed().route().server()).isEqualTo(cell.server().key());
    }

    /** Char-server, database and map-server each take as long as they may. */
    @Test
    void entryIsAnsweredInTimeWhoeverIsSlow() {
        suite.plays(player, FIELD, cell);
        entersAnew();
        int before = suite.answers.size();
        for (int i = 0; i < 49; i++) {
            suite.pass(Duration.ofMillis(100));
            suite.answerKeepAlive();
        }
        suite.storeAnswers = false;
        suite.accepted(player, FIELD);
        suite.pass(Duration.ofMillis(500));
        assertThat(suite.answers).as("neither stored nor late").hasSize(before);
        suite.unanswered.forEach(Runnable::run);
        suite.pass(Duration.ofMillis(100));

        assertThat(suite.answers).as("5.5 s behind the question").hasSize(before + 1);
        assertThat(suite.answers.getLast())
                .isInstanceOfSatisfying(
                        EntryAnswer.Refused.class,
                        no -> assertThat(no.code()).isEqualTo(EntryAnswer.Code.STILL_RECOGNISED));
    }

    @Test
    void entryWhoseStoringNobodyAnswersIsRefusedInTimeAndGoesOnWhenItIsAskedForAgain() {
        suite.storeAnswers = false;
        suite.enters(player);
        suite.accepted(player, FIELD);
        for (int i = 0; i < 59; i++) {
            suite.pass(Duration.ofMillis(100));
            suite.answerKeepAlive();
        }
        assertThat(suite.answers).isEmpty();
        suite.pass(Duration.ofMillis(100));
        assertThat(suite.answers)
                .singleElement()
                .isInstanceOfSatisfying(
                        EntryAnswer.Refused.class,
                        no -> assertThat(no.code()).isEqualTo(EntryAnswer.Code.STILL_RECOGNISED));
        suite.unanswered.forEach(Runnable::run);
        assertThat(suite.answers).as("once").hasSize(1);

        suite.storeAnswers = true;
        suite.enters(player);
        assertThat(suite.routed().route().server()).isEqualTo(cell.server().key());
    }

    @Test
    void aMapServerThatNeverHearsOfItIsCut() {
        suite.plays(player, FIELD, cell);
        entersAnew();
        suite.accepted(player, FIELD);
        for (int i = 0; i < 30; i++) {
            suite.pass(Duration.ofSeconds(1));
            suite.answerKeepAlive();
        }
        assertThat(cell.line().closed).contains("thrown a player out");
    }

    @Test
    void aMapServerThatIsNotListenedToIsNotCutForItsSilence() {
        suite.plays(player, FIELD, cell);
        entersAnew();
        suite.accepted(player, FIELD);
        cell.line().heldUp = true;
        for (int i = 0; i < 40; i++) {
            suite.pass(Duration.ofSeconds(1));
            suite.answerKeepAlive();
        }
        assertThat(cell.line().closed).isNull();
        cell.line().heldUp = false;
        for (int i = 0; i < 30; i++) {
            suite.pass(Duration.ofSeconds(1));
            suite.answerKeepAlive();
        }
        assertThat(cell.line().closed).contains("thrown a player out");
    }

    @Test
    void withTheLinkTheWordsOnItAreGone() {
        suite.plays(player, FIELD, cell);
        entersAnew();
        suite.accepted(player, FIELD);
        int before = suite.answers.size();
        suite.mux.serverClosed(cell.server());
        suite.pass(Duration.ofMillis(100));
        assertThat(suite.answers).hasSize(before + 1);
        assertThat(suite.routed().route().server()).isEqualTo(cell.server().key());
    }

    /** A connection ended that his relay knows of and his map-server does not. */
    @Test
    void whomAServerHasAndHisRelayDoesNotIsFetchedBackWithWhatItSaves() {
        suite.plays(player, FIELD, cell);
        misses(Duration.ZERO);
        misses(Duration.ofMillis(2_900));
        assertThat(cell.line().ids()).as("it may be about to give him up").isEmpty();
        misses(Duration.ofMillis(100));
        assertThat(cell.line().ids()).containsExactly("2b1f", "3801");

        Packet last = suite.save(player, FIELD.value(), 1);
        MuxUnderTest.statusOf(last).set("base_exp", 1_050);
        suite.from(cell, last);
        suite.answersWhisper(cell);
        suite.pass(Duration.ofSeconds(1));
        assertThat(suite.rehomes.getLast().account()).isEqualTo(player.account());
        cell.line().take();

        suite.enters(player);
        suite.collects(cell, player, suite.routed().route().loginId1());
        assertThat(new CharStatus(cell.line().last(CharToMap.AUTH_OK), 25, MuxUnderTest.LAYOUT.character()).baseExp())
                .isEqualTo(1_050);
        suite.pass(Duration.ofSeconds(5));
        assertThat(suite.rehomes.getLast().number())
                .as("he stays")
                .isLessThan(suite.routed().number() + 2);
        assertThat(suite.violations).isEmpty();
    }

    @Test
    void aServerThatNeverHadHimHasNothingToSave() {
        suite.plays(player, FIELD, cell);
        misses(Duration.ZERO);
        misses(Duration.ofSeconds(3));
        suite.answersWhisper(cell);
        suite.pass(Duration.ofMillis(1_900));
        assertThat(suite.rehomes).isEmpty();
        suite.pass(Duration.ofMillis(100));
        assertThat(suite.rehomes.getLast().account()).isEqualTo(player.account());
        suite.enters(player);
        assertThat(suite.routed().route().server()).isEqualTo(cell.server().key());
    }

    @Test
    void whoIsMissedNowAndThenOrByAnotherRelayOrHasGoneStays() {
        suite.plays(player, FIELD, cell);
        long number = suite.routed().number();
        for (int i = 0; i < 3; i++) {
            misses(Duration.ofSeconds(12));
            suite.answerKeepAlive();
        }
        for (int i = 0; i < 6; i++) {
            suite.pass(Duration.ofSeconds(1));
            suite.answerKeepAlive();
            suite.enters(player, "relay-2");
        }
        suite.mux.connectionGone(player.account(), number);
        misses(Duration.ofSeconds(1));
        misses(Duration.ofSeconds(3));
        assertThat(cell.line().ids()).isEmpty();
    }

    private void misses(Duration later) {
        suite.pass(later);
        suite.enters(player);
        assertThat(suite.answers.getLast())
                .isInstanceOfSatisfying(
                        EntryAnswer.Refused.class,
                        no -> assertThat(no.code()).isEqualTo(EntryAnswer.Code.STILL_RECOGNISED));
    }

    private void entersAnew() {
        suite.mux.enter(
                new EntryRequest(MuxUnderTest.RELAY, 0x0a000001, player.account(), player.character(), 4_711, 0),
                suite.answers::add);
    }

    @Test
    void standbyIsTheMapsServerAsSoonAsItsHostOwnsTheMap() {
        HostId host = HostId.random();
        Cell standby = suite.connect(new ServerKey.Cell(host, FIELD, Epoch.of(1)), true, FIELD);
        assertThat(suite.mux.standbyServers()).containsExactly(new ServerKey.Cell(host, FIELD, Epoch.NONE));
        suite.mux.ownerChanged(FIELD, Epoch.of(2), new ServerKey.Cell(host, FIELD, Epoch.of(2)));
        suite.enters(player);
        suite.accepted(player, FIELD);
        suite.collects(standby, player, suite.routed().route().loginId1());

        assertThat(standby.line().sent).isNotEmpty();
        assertThat(suite.mux.standbyServers()).isEmpty();
    }

    @Test
    void standbyIsNoneBeforeItHasLoggedInAndAnnouncedItsMap() {
        MapServer standby =
                suite.mux.serverOpened(new ServerKey.Cell(HostId.random(), FIELD, Epoch.of(1)), true, new Line());
        assertThat(suite.mux.standbyServers()).isEmpty();
        suite.mux.fromServer(
                standby, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60).text(2, 24, "s1"));
        assertThat(suite.mux.standbyServers()).isEmpty();
        suite.mux.fromServer(standby, MapList.of(List.of(FIELD.value())).packet());
        assertThat(suite.mux.standbyServers()).hasSize(1);
    }

    @Test
    void standbyMayActForNobody() {
        Cell standby = suite.connect(new ServerKey.Cell(HostId.random(), FIELD, Epoch.of(1)), true, FIELD);
        suite.enters(player);
        suite.accepted(player, FIELD);
        suite.collects(standby, player, suite.routed().route().loginId1());

        assertThat(standby.line().sent).isEmpty();
    }

    @Test
    void floodOfEntriesIsRefusedAtTheBound() {
        for (int i = 0; i <= Entries.MAX_PENDING; i++) {
            suite.enters(player(i));
        }

        assertThat(suite.answers).singleElement().isInstanceOf(EntryAnswer.Refused.class);
    }
}
