package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.dbproxy.mux.Outside.Settled;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveOrder;
import io.p2phost.ro.inter.WhisperDelivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What players of one map-server give each other counts for both or for neither. */
class TransfersTest {
    private final MuxUnderTest suite = new MuxUnderTest().up();
    private final Player giver = player(1);
    private final Player taker = player(2);
    private final List<Boolean> told = new ArrayList<>();
    private Cell cell;

    @BeforeEach
    void bothPlay() {
        cell = suite.cell(FIELD, 1);
        suite.plays(giver, FIELD, cell);
        suite.plays(taker, FIELD, cell);
        suite.rows.clear();
    }

    private void gives(Player player) {
        suite.mux.gives(player.account(), number(player), told::add);
    }

    private long number(Player player) {
        return suite.answers.stream()
                .map(EntryAnswer.Routed.class::cast)
                .skip(player.equals(giver) ? 0 : 1)
                .findFirst()
                .orElseThrow()
                .number();
    }

    private void saves(Player player, int quit) {
        suite.from(cell, suite.save(player, FIELD.value(), quit));
    }

    private List<Integer> saved() {
        return suite.journal.stream().map(SavedGroup::character).toList();
    }

    private List<Integer> ordered() {
        return cell.line().sent.stream()
                .filter(packet -> packet.id() == CharToMap.AUCTION_REGISTERED)
                .map(packet -> new SaveOrder(packet).charId(MuxUnderTest.LAYOUT))
                .toList();
    }

    /** Its restart found a row from before his relay was told the number: the database was away. */
    @Test
    void relayIsBelievedWithANumberThatOnlyThisServiceCanHaveToldIt() {
        saves(taker, 0);
        PlayerSession before = MuxUnderTest.row(suite.rows.getLast());
        assertThat(before.account).isEqualTo(taker.account());
        before.relayKnows--;
        MuxUnderTest again = new MuxUnderTest();
        again.mux.start(List.of(SessionRow.of(before, false)), List.of());
        again.login();
        again.connect(before.server, false, FIELD);
        again.mux.gives(taker.account(), before.number + 1, told::add);
        again.mux.gives(taker.account(), before.number, told::add);
        assertThat(told).containsExactly(false, true);
    }

    /** A stock map-server that is told to save him before saves him dead: it has not worked out his hit points. */
    @Test
    void whoIsStillLoadingGivesNothingAndIsNotToldToBeSaved() {
        Player loading = player(3);
        suite.comes(loading, FIELD, cell);
        suite.mux.gives(loading.account(), suite.routed().number(), told::add);
        assertThat(told).containsExactly(false);
        assertThat(ordered()).isEmpty();

        suite.isLoaded(loading, cell);
        suite.mux.gives(loading.account(), suite.routed().number(), told::add);
        assertThat(told).containsExactly(false, true);
    }

    /** His map-server had taken it when it saved him, and has it back before the next. */
    @Test
    void saveWithoutWhatIsSentBackCountsWithALaterOneOnly() {
        Packet mail = Packet.variable(MapToChar.SEND_MAIL, 1_032).u32(12, giver.character());
        suite.from(cell, mail);
        assertThat(cell.line().last(CharToMap.MAIL_SENT).i32(4)).isZero();
        saves(giver, 0);
        assertThat(ordered()).isEmpty();
        suite.answersWhisper(cell);
        assertThat(saved()).isEmpty();
        assertThat(ordered()).containsExactly(giver.character());
        saves(giver, 0);
        suite.answersWhisper(cell);
        assertThat(saved()).containsExactly(giver.character(), giver.character());
    }

    @Test
    void whatIsSavedMeanwhileCountsWithTheGiversSave() {
        gives(giver);
        saves(taker, 0);
        suite.mux.gave(giver.account());

        assertThat(told).containsExactly(true);
        assertThat(ordered()).containsExactly(giver.character());
        assertThat(saved()).as("the giver is not saved yet").isEmpty();
        assertThat(suite.mux.heldPackets()).isEqualTo(1);

        saves(giver, 0);
        suite.answersWhisper(cell);
        assertThat(saved()).containsExactly(taker.character(), giver.character());
        assertThat(suite.together).as("in one transaction").containsExactly(2);
        assertThat(suite.settled).containsExactly(Settled.TAKEN);
        assertThat(suite.mux.heldPackets()).isZero();
        assertThat(suite.violations).isEmpty();
    }

    @Test
    void nothingCountsWhenTheServerGoesFirst() {
        gives(giver);
        saves(taker, 1);
        suite.mux.serverClosed(cell.server());

        assertThat(saved()).isEmpty();
        assertThat(suite.settled).containsExactly(Settled.LOST);
        assertThat(suite.mux.heldPackets()).isZero();
    }

    @Test
    void whoEndsInGoodOrderIsBelieved() {
        gives(giver);
        saves(taker, 1);
        saves(giver, 1);
        suite.mux.serverClosed(cell.server());

        assertThat(saved()).containsExactly(taker.character(), giver.character());
        assertThat(suite.settled).containsExactly(Settled.TAKEN);
    }

    @Test
    void everythingOfTheServerKeepsItsOrder() {
        gives(giver);
        saves(taker, 0);
        suite.from(cell, Packet.fixed(MapToChar.KEEP_ALIVE, 2));
        suite.mux.gave(giver.account());
        saves(giver, 0);
        cell.line().sent.removeIf(packet -> packet.id() != CharToMap.WHISPER);
        assertThat(cell.line().ids()).doesNotContain("2b24");
        suite.answersWhisper(cell);
        assertThat(cell.line().ids()).contains("2b24");
    }

    @Test
    void anAnswerToAnEarlierQuestionSettlesNothing() {
        gives(giver);
        suite.mux.gave(giver.account());
        Packet early = new WhisperDelivery(cell.line().last(CharToMap.WHISPER)).answer(WhisperDelivery.NOT_HERE);
        gives(taker);
        saves(taker, 0);
        suite.from(cell, early);

        assertThat(told).containsExactly(true, true);
        assertThat(saved()).as("the second wish is open").isEmpty();
        suite.mux.gave(taker.account());
        saves(giver, 0);
        suite.answersWhisper(cell);
        assertThat(saved()).containsExactly(taker.character(), giver.character());
    }

    @Test
    void laterWishesWaitSoThatTurnsEnd() {
        gives(giver);
        suite.now = suite.now.plus(Transfers.JOINING);
        gives(taker);
        assertThat(told).containsExactly(true);

        suite.mux.gave(giver.account());
        saves(giver, 0);
        suite.answersWhisper(cell);
        assertThat(told).containsExactly(true, true);
        saves(giver, 0);
        assertThat(saved()).as("of the next turn nothing counts yet").containsExactly(giver.character());
    }

    @Test
    void whoTakesSomethingIsSavedAtOnce() {
        suite.mux.took(taker.account(), number(taker));
        assertThat(ordered()).containsExactly(taker.character());
        saves(taker, 0);
        suite.answersWhisper(cell);
        assertThat(saved()).containsExactly(taker.character());
        suite.mux.took(99, 1);
    }

    /** Neither what he takes himself nor the end of an earlier wish ends a later one. */
    @Test
    void eachWishHasItsOwnEnd() {
        gives(giver);
        gives(giver);
        suite.mux.took(giver.account(), number(giver));
        suite.mux.gave(giver.account());
        assertThat(ordered()).isEmpty();
        suite.mux.gave(giver.account());
        assertThat(ordered()).containsExactly(giver.character());
    }

    @Test
    void soManyWishesWaitAndNoMore() {
        gives(giver);
        suite.now = suite.now.plus(Transfers.JOINING);
        for (int i = 0; i < Transfers.MOST_WISHES; i++) {
            gives(taker);
        }
        assertThat(told).containsExactly(true);
        gives(taker);
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void aWishWhoseEndNobodyTellsEndsByItself() {
        gives(giver);
        suite.pass(Transfers.OUTCOME.minusMillis(1));
        assertThat(ordered()).isEmpty();
        suite.pass(Duration.ofMillis(1));
        assertThat(ordered()).containsExactly(giver.character());
    }

    @Test
    void aServerThatDoesNotAnswerIsCut() {
        gives(giver);
        suite.mux.gave(giver.account());
        saves(taker, 0);
        suite.pass(Transfers.ANSWER);
        assertThat(cell.line().closed).isEqualTo("does not answer while a transfer is settled");
        suite.mux.serverClosed(cell.server());
        assertThat(saved()).isEmpty();
    }

    @Test
    void aServerThatIsNotListenedToOwesNoAnswer() {
        gives(giver);
        suite.mux.gave(giver.account());
        saves(taker, 0);
        cell.line().heldUp = true;
        suite.pass(Transfers.ANSWER.multipliedBy(3));
        assertThat(cell.line().closed).isNull();
        cell.line().heldUp = false;
        suite.pass(Transfers.ANSWER.minusMillis(1));
        assertThat(cell.line().closed).isNull();
        suite.pass(Duration.ofMillis(1));
        assertThat(cell.line().closed).isEqualTo("does not answer while a transfer is settled");
    }

    @Test
    void aServerThatSavesNobodyIsToldOf() {
        gives(giver);
        suite.mux.gave(giver.account());
        saves(taker, 0);
        suite.answersWhisper(cell);
        assertThat(saved()).containsExactly(taker.character());
        assertThat(suite.violations).singleElement().satisfies(violation -> {
            assertThat(violation.kind()).isEqualTo(Violation.Kind.NOT_TAKEN);
            assertThat(violation.what()).contains("save_settings");
        });
    }

    @Test
    void savesWithoutARecordAreNone() {
        gives(giver);
        for (Player player : List.of(giver, taker)) {
            suite.from(
                    cell,
                    Packet.variable(MapToChar.SAVE_CHARACTER, 13)
                            .u32(4, player.account())
                            .u32(8, player.character())
                            .u8(12, 1));
        }
        suite.mux.serverClosed(cell.server());
        assertThat(saved()).isEmpty();
        assertThat(suite.violations)
                .extracting(Violation::kind)
                .containsExactly(Violation.Kind.MISSHAPEN, Violation.Kind.MISSHAPEN);
    }

    @Test
    void soMuchWaitsAndNoMore() {
        gives(giver);
        Packet save = suite.save(taker, FIELD.value(), 0);
        for (int bytes = save.length(); bytes <= Transfers.MOST_BYTES; bytes += save.length()) {
            suite.from(cell, save.copy());
        }
        assertThat(cell.line().closed).isNull();
        suite.from(cell, save.copy());
        assertThat(cell.line().closed).contains("16777216");
    }

    @Test
    void nobodyGivesWhoIsNotThere() {
        suite.mux.gives(99, 1, told::add);
        suite.mux.gives(giver.account(), 77, told::add);
        assertThat(told).containsExactly(false, false);
        suite.mux.gave(99);
        saves(giver, 0);
        assertThat(saved()).containsExactly(giver.character());
    }

    /** Nobody knows any more what they gave each other before. */
    @Test
    void aServerThatComesBackSavesAllItsPlayersAtOnce() {
        suite.comes(player(3), FIELD, cell);
        suite.mux.serverClosed(cell.server());
        MuxUnderTest.Line line = new MuxUnderTest.Line();
        MapServer again = suite.mux.serverOpened(cell.server().key(), false, line);
        cell = new Cell(again, line);
        suite.from(cell, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60).text(2, 24, "s1"));
        suite.from(cell, MapList.of(List.of(FIELD.value())).packet());
        saves(taker, 0);

        assertThat(ordered()).containsExactly(giver.character(), taker.character());
        assertThat(saved()).isEmpty();
        suite.answersWhisper(cell);
        assertThat(saved()).containsExactly(taker.character());
        assertThat(suite.violations).isEmpty();
    }

    /** He would be saved dead. */
    @Test
    void afterARestartWhoWasStillLoadingIsNotToldToBeSaved() {
        Player loading = player(3);
        suite.comes(loading, FIELD, cell);
        suite.from(cell, suite.save(giver, FIELD.value(), 0));
        Map<Integer, SessionRow> newest = new LinkedHashMap<>();
        suite.rows.forEach(row -> newest.put(row.account(), row));
        MuxUnderTest restarted = new MuxUnderTest();
        restarted.mux.start(List.copyOf(newest.values()), List.of());
        restarted.up();
        MuxUnderTest.Line line = new MuxUnderTest.Line();
        MapServer again = restarted.mux.serverOpened(cell.server().key(), false, line);
        cell = new Cell(again, line);
        restarted.from(cell, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60).text(2, 24, "s1"));
        restarted.from(cell, MapList.of(List.of(FIELD.value())).packet());
        assertThat(ordered()).containsExactly(giver.character());

        restarted.answersWhisper(cell);
        restarted.from(cell, restarted.save(loading, FIELD.value(), 0));
        assertThat(MuxUnderTest.row(restarted.rows.getLast()).isLoaded())
                .as("his autosave shows that he is")
                .isTrue();
    }
}
