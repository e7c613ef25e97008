package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.CAVE;
import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.TOWN;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static io.p2phost.dbproxy.mux.MuxUnderTest.statusOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharSelectRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.ServerChange;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host may write, and what it may not. */
class SavesTest {
    private final MuxUnderTest suite = new MuxUnderTest();
    private final Player player = player(1);
    private Cell cell;

    @BeforeEach
    void play() {
        suite.up();
        cell = suite.cell(FIELD, 1);
        suite.plays(player, FIELD, cell);
        toPlayer(Packet.variable(CharToMap.STATUS_CHANGES, 14)
                .u32(4, player.account())
                .u32(8, player.character()));
        cell.line().sent.clear();
    }

    private void toPlayer(Packet packet) {
        suite.mux.fromUpstream(Slot.MULTIPLEXER, packet);
    }

    private Packet items(int kind) {
        return Packet.variable(MapToChar.SAVE_ITEMS, 46_237)
                .u8(4, kind)
                .u32(5, player.account())
                .u32(9, player.character());
    }

    private Packet variable(String name) {
        byte[] key = name.getBytes(StandardCharsets.US_ASCII);
        return Packet.variable(MapToChar.SAVE_VARIABLES, 14 + 1 + key.length + 4 + 1 + 8)
                .u32(4, player.account())
                .u32(8, player.character())
                .u16(12, 1)
                .u8(14, key.length)
                .bytes(15, key);
    }

    @Test
    void groupGoesOnWholeAndOnlyWhenItIsComplete() {
        suite.from(cell, items(1));
        suite.from(cell, variable("PC_DIE_COUNTER"));
        assertThat(suite.upstream.sent).isEmpty();

        Packet save = suite.save(player, FIELD.value(), 0);
        statusOf(save).set("base_exp", 150).set("base_level", 11).lastPoint(new MapPoint(FIELD.value(), 70, 80));
        suite.from(cell, save);

        assertThat(suite.upstream.ids()).containsExactly("308b", "3004", "2b01");
        assertThat(suite.saves)
                .singleElement()
                .satisfies(seen -> assertThat(seen.baseLevels()).isEqualTo(1));
        assertThat(suite.rows.getLast().x()).isEqualTo(70);
    }

    /** A char-server without its database has no items for anybody; told so, a stock map-server never lets him in. */
    @Test
    void itemsThatCannotBeReadNowAreAskedForAgain() {
        Packet load = Packet.fixed(MapToChar.LOAD_ITEMS, 13)
                .u8(2, 1)
                .u32(3, player.account())
                .u32(7, player.character());
        suite.from(cell, load);
        suite.upstream.sent.clear();
        toPlayer(loaded(false));
        assertThat(cell.line().ids()).as("not told").isEmpty();

        suite.pass(Duration.ofMillis(1_200));
        assertThat(suite.upstream.ids()).as("asked again").contains("308a");
        toPlayer(loaded(false));
        suite.pass(Duration.ofMillis(1_200));
        toPlayer(loaded(true));
        assertThat(cell.line().last(CharToMap.ITEMS).u8(9)).isEqualTo(1);

        suite.upstream.sent.clear();
        suite.pass(Duration.ofSeconds(3));
        assertThat(suite.upstream.ids()).as("asked no more").doesNotContain("308a");
    }

    /** Its database may have failed; what it would show him he would be saved with. */
    @Test
    void whatTheCharServerMayNotHaveYetIsLoadedFromHisLastSave() {
        Packet load = Packet.fixed(MapToChar.LOAD_ITEMS, 13)
                .u8(2, 1)
                .u32(3, player.account())
                .u32(7, player.character());
        Packet quests = Packet.fixed(MapToChar.LOAD_QUESTS, 6).u32(2, player.character());
        suite.from(cell, items(1).u8(20, 77));
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.from(cell, Packet.variable(MapToChar.SAVE_QUESTS, 8).u32(4, player.character()));
        toPlayer(Packet.fixed(CharToMap.ITEMS_SAVED, 9)
                .u32(2, player.account())
                .u8(6, 0)
                .u8(7, 1));
        suite.upstream.sent.clear();
        suite.from(cell, load);
        suite.from(cell, quests);

        Packet loaded = cell.line().last(CharToMap.ITEMS);
        assertThat(loaded.u8(9)).isEqualTo(1);
        assertThat(loaded.bytes()).as("as he was saved").contains((byte) 77);
        assertThat(cell.line().ids()).contains("3860");
        assertThat(suite.upstream.ids()).doesNotContain("308a", "3060");

        toPlayer(Packet.fixed(CharToMap.ITEMS_SAVED, 9)
                .u32(2, player.account())
                .u8(6, 1)
                .u8(7, 1));
        for (int second = 0; second < 14; second++) {
            look();
        }
        suite.upstream.sent.clear();
        suite.from(cell, load);
        suite.from(cell, quests);
        assertThat(suite.upstream.ids()).as("it has all").contains("308a", "3060");
    }

    @Test
    void whoHasNoItemsForMinutesIsBelieved() {
        suite.from(
                cell,
                Packet.fixed(MapToChar.LOAD_ITEMS, 13)
                        .u8(2, 1)
                        .u32(3, player.account())
                        .u32(7, player.character()));
        for (int second = 0; second < 310; second += 2) {
            toPlayer(loaded(false));
            suite.pass(Duration.ofSeconds(2));
        }
        assertThat(cell.line().last(CharToMap.ITEMS).u8(9)).isZero();
    }

    private Packet loaded(boolean ok) {
        return Packet.variable(CharToMap.ITEMS, 46_234)
                .u8(4, 1)
                .u32(5, player.account())
                .u8(9, ok ? 1 : 0);
    }

    @Test
    void groupThatWasCutOffLeavesNothing() {
        suite.from(cell, items(1));
        Cell next = suite.cell(FIELD, 2);
        suite.collects(next, player, suite.rehomes.getFirst().route().loginId1());
        suite.from(next, suite.save(player, FIELD.value(), 0));

        assertThat(suite.upstream.ids()).doesNotContain("308b").contains("2b01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zeny",
                "base_level",
                "job_level",
                "base_exp",
                "job_exp",
                "sex",
                "slot",
                "partner_id",
                "char_id",
                "account_id"
            })
    void recordThatCannotBeTrueIsRefusedAndReported(String field) {
        Packet save = suite.save(player, FIELD.value(), 0);
        statusOf(save).set(field, statusOf(save).get(field) + 2_000);

        suite.from(cell, save);

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations).hasSize(1);
        assertThat(suite.saves).isEmpty();
    }

    @Test
    void gainUpToTheLimitIsTakenAndOneMoreIsNot() {
        changed(status -> status.set("base_exp", 1_100));
        assertThat(suite.saves).hasSize(1);

        changed(status -> status.set("base_exp", 2_101));
        assertThat(suite.saves).hasSize(1);
        assertThat(suite.violations.getLast().what()).contains("+1001").contains("1000");
        assertThat(suite.violations.getLast().kind()).isEqualTo(Violation.Kind.OVER_CEILING);
    }

    @Test
    void gainOfAPlayerWhomAnHonestServerCouldNotSaveConvictsNobody() {
        MapPoint home = statusOf(suite.save(player, FIELD.value(), 0)).savePoint();
        changed(status -> status.savePoint(new MapPoint(FIELD.value(), 1, 1)).set("base_exp", 1_100));
        changed(status -> status.savePoint(home).set("base_exp", 2_101));
        assertThat(suite.saves).isEmpty();
        assertThat(suite.violations)
                .extracting(Violation::kind)
                .containsExactly(Violation.Kind.NOT_TAKEN, Violation.Kind.NOT_TAKEN);

        changed(status -> status.set("base_exp", 1_100));
        changed(status -> status.set("base_exp", 2_101));
        assertThat(suite.saves).hasSize(1);
        assertThat(suite.violations.getLast().kind()).isEqualTo(Violation.Kind.OVER_CEILING);
    }

    @Test
    void oneGainThatIsTooMuchConvictsOnceHoweverOftenItIsSaved() {
        changed(status -> status.set("base_exp", 1_101));
        changed(status -> status.set("base_exp", 1_102));
        assertThat(suite.violations)
                .extracting(Violation::kind)
                .containsExactly(Violation.Kind.OVER_CEILING, Violation.Kind.NOT_TAKEN);

        changed(status -> status.set("base_exp", 200));
        changed(status -> status.set("base_exp", 1_201));
        assertThat(suite.violations.getLast().kind()).isEqualTo(Violation.Kind.OVER_CEILING);
    }

    @Test
    void zenyOfAnotherPlayerConvictsNobody() {
        changed(status -> status.set("zeny", 1_000_000_000));

        assertThat(suite.saves).isEmpty();
        assertThat(suite.violations).extracting(Violation::kind).containsExactly(Violation.Kind.NOT_TAKEN);
    }

    @Test
    void lossIsNeverLimited() {
        changed(status -> status.set("zeny", 0).set("base_exp", 0).set("base_level", 9));

        assertThat(suite.saves)
                .singleElement()
                .satisfies(seen -> assertThat(seen.zeny()).isEqualTo(-500));
    }

    @Test
    void savePointMemoAndPlaceStayWithinWhatTheMapCanDo() {
        changed(status -> status.savePoint(new MapPoint(FIELD.value(), 1, 1)));
        changed(status -> status.lastPoint(new MapPoint("nowhere", 1, 1)));
        changed(status -> status.lastPoint(new MapPoint("../../x';--", 1, 1)));
        assertThat(suite.saves).isEmpty();
        assertThat(suite.violations)
                .extracting(Violation::kind)
                .containsExactly(Violation.Kind.NOT_TAKEN, Violation.Kind.NOT_TAKEN, Violation.Kind.MISSHAPEN);

        changed(status -> status.lastPoint(new MapPoint(TOWN, 1, 1)));
        assertThat(suite.saves).as("a portal to core").hasSize(1);
    }

    @Test
    void whoIsSaidToStandInAWallStandsWhereHeLastWas() {
        changed(status -> status.lastPoint(new MapPoint(FIELD.value(), 70, 80)));
        suite.upstream.sent.clear();
        changed(status -> status.lastPoint(new MapPoint(FIELD.value(), MuxUnderTest.WALL, 80))
                .set("base_exp", 150));

        CharStatus stored = statusOf(suite.upstream.sent.getLast());
        assertThat(stored.lastPoint()).isEqualTo(new MapPoint(FIELD.value(), 70, 80));
        assertThat(stored.baseExp()).as("all else counts").isEqualTo(150);
        assertThat(suite.rows.getLast().x()).isEqualTo(70);
        assertThat(suite.violations).singleElement().satisfies(seen -> {
            assertThat(seen.kind()).isEqualTo(Violation.Kind.NOT_TAKEN);
            assertThat(seen.what()).isEqualTo("nobody can stand at 13,80 on " + FIELD);
        });

        changed(status -> status.lastPoint(new MapPoint(TOWN, MuxUnderTest.WALL, 80)));
        assertThat(statusOf(suite.upstream.sent.getLast()).lastPoint())
                .as("a map-server chooses a cell")
                .isEqualTo(new MapPoint(TOWN, 0, 0));

        MapPoint home = stored.savePoint();
        changed(status -> status.lastPoint(home));
        assertThat(statusOf(suite.upstream.sent.getLast()).lastPoint())
                .as("the dead rise there")
                .isEqualTo(home);
    }

    @Test
    void mapNameWithSomethingBehindItsEndIsRefused() {
        Packet save = suite.save(player, FIELD.value(), 0);
        int map = MuxUnderTest.LAYOUT.character().array("last_point").offset() + 13;
        save.u8(map + FIELD.value().length() + 1, 'x');

        suite.from(cell, save);

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations).hasSize(1);
    }

    @Test
    void groupsAreTheCharServersWord() {
        changed(status -> status.set("party_id", 77).set("guild_id", 78));

        CharStatus sent = statusOf(suite.upstream.last(MapToChar.SAVE_CHARACTER));
        assertThat(sent.partyId()).isZero();
        assertThat(sent.guildId()).isZero();
    }

    private void changed(Consumer<CharStatus> change) {
        changed(change, 0);
    }

    private void changed(Consumer<CharStatus> change, int quit) {
        Packet save = suite.save(player, FIELD.value(), quit);
        change.accept(statusOf(save));
        suite.from(cell, save);
    }

    @Test
    void recordOfAnotherSizeIsRefused() {
        suite.from(
                cell,
                Packet.variable(MapToChar.SAVE_CHARACTER, 13 + 8)
                        .u32(4, player.account())
                        .u32(8, player.character()));

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations).hasSize(1);
    }

    @Test
    void foreignCharacterIsNotWritten() {
        Player other = player(2);
        Cell cave = suite.cell(CAVE, 1);
        suite.plays(other, CAVE, cave);

        suite.from(cell, suite.save(other, FIELD.value(), 0));
        suite.from(cell, suite.save(player(3), FIELD.value(), 0));
        suite.from(cell, suite.save(new Player(player.account(), other.character(), "x"), FIELD.value(), 0));

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations)
                .hasSize(3)
                .allSatisfy(seen -> assertThat(seen.kind()).isEqualTo(Violation.Kind.NOT_ITS_PLAYER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"#CASHPOINTS", "##admin", "$server", "quest_done"})
    void variablesOutsideTheListAreNotWritten(String name) {
        suite.from(cell, variable(name));
        suite.from(cell, suite.save(player, FIELD.value(), 0));

        assertThat(suite.upstream.ids()).containsExactly("2b01");
        assertThat(suite.violations)
                .singleElement()
                .satisfies(seen -> assertThat(seen.what()).contains(name));
    }

    @Test
    void scriptTextIsNotTaken() {
        suite.from(
                cell,
                Packet.variable(MapToChar.SAVE_BONUS_SCRIPTS, 9 + 528)
                        .u32(4, player.character())
                        .u8(8, 1));
        suite.from(cell, Packet.variable(MapToChar.SAVE_BONUS_SCRIPTS, 9).u32(4, player.character()));
        suite.from(cell, suite.save(player, FIELD.value(), 0));

        assertThat(suite.upstream.ids()).containsExactly("2b2e", "2b01");
        assertThat(suite.upstream.sent.getFirst().length()).isEqualTo(9);
    }

    @Test
    void whatAMapServerSavesOfAPlayerItNeverLoadedDeletesNothing() {
        Player late = player(2);
        suite.comes(late, FIELD, cell);
        suite.from(
                cell,
                Packet.variable(MapToChar.SAVE_STATUS_CHANGES, 14)
                        .u32(4, late.account())
                        .u32(8, late.character()));
        suite.from(
                cell,
                Packet.variable(MapToChar.SAVE_ITEMS, 46_237)
                        .u32(5, late.account())
                        .u32(9, late.character()));
        suite.from(cell, suite.save(late, FIELD.value(), 1));

        assertThat(suite.upstream.ids()).containsExactly("2b01");
    }

    @Test
    void finalSaveEndsTheSessionWhenTheCharServerHasIt() {
        suite.goes(player);
        changed(status -> status.set("base_exp", 900), 1);
        suite.pass(Duration.ofMillis(100));
        assertThat(suite.upstream.last(MapToChar.SAVE_CHARACTER).u8(12))
                .as("online until it is known to be stored")
                .isZero();
        assertThat(cell.line().sent).isEmpty();

        suite.answerKeepAlive();

        assertThat(suite.upstream.ids()).containsExactly("2b01", "2b26", "2b01");
        assertThat(suite.upstream.last(MapToChar.SAVE_CHARACTER).u8(12)).isEqualTo(1);
        assertThat(cell.line().ids()).containsExactly("2b21");
        assertThat(suite.rows).isEmpty();
        assertThat(suite.journal).isEmpty();
    }

    @Test
    void finalSaveBeforeTheRelaysWordIsThatOfOneWhoGoes() {
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(suite.upstream.last(MapToChar.SAVE_CHARACTER).u8(12)).isZero();
        assertThat(cell.line().ids()).containsExactly("2b21");
        suite.pass(Duration.ofMillis(299));

        suite.goes(player);
        suite.from(cell, Packet.variable(MapToChar.SAVE_QUESTS, 8).u32(4, player.character()));

        assertThat(suite.upstream.ids()).containsSubsequence("2b01", "2b17", "3061");
        assertThat(suite.rehomes).isEmpty();
        suite.pass(Duration.ofSeconds(2));
        assertThat(suite.rows).isEmpty();
        assertThat(suite.mux.sessionCounts()).containsEntry(SessionState.PENDING_REPLAY, 0);
    }

    @Test
    void serverThatGoesWithoutItsPlayersLetsThemGoOn() {
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(suite.mux.sessionCounts()).containsEntry(SessionState.HANDOVER, 1);
        assertThat(suite.rehomes).isEmpty();

        suite.pass(Duration.ofMillis(300));
        assertThat(suite.rehomes)
                .singleElement()
                .satisfies(move -> assertThat(move.account()).isEqualTo(player.account()));
        assertThat(suite.upstream.ids())
                .as("the char-server hears nothing of it")
                .containsOnly("2b01", "2b23");

        Cell next = suite.cell(FIELD, 2);
        suite.collects(next, player, suite.rehomes.getLast().route().loginId1());
        assertThat(next.line().ids()).contains("2afd");
        suite.pass(Duration.ofSeconds(1));
        assertThat(suite.rehomes).hasSize(2);
    }

    @Test
    void olderSaveThatIsSafeAcknowledgesNoLastOne() {
        suite.journalIsSlow = true;
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.from(cell, suite.save(player, FIELD.value(), 1));

        suite.written.remove().run();
        assertThat(cell.line().ids()).doesNotContain("2b21");
        suite.written.remove().run();
        assertThat(cell.line().ids()).contains("2b21");
    }

    @Test
    void relayThatDiedWithItsPlayersKeepsNobodyInPlay() {
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        suite.pass(Duration.ofMillis(300));
        for (int told = 1; told < Moves.MOST_UNTOLD; told++) {
            suite.mux.relayUntold(player.account(), suite.rehomes.getLast().number());
            suite.pass(Duration.ofSeconds(1));
            assertThat(suite.rehomes).hasSize(told + 1);
        }
        assertThat(suite.upstream.ids()).doesNotContain("2b17");

        suite.mux.relayUntold(player.account(), suite.rehomes.getLast().number());
        assertThat(suite.upstream.ids()).endsWith("2b17");
        assertThat(suite.rows).isEmpty();
    }

    @Test
    void whoComesByHimselfAfterHisServerLetHimGoIsNotMoved() {
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        suite.pass(Duration.ofMillis(100));
        suite.enters(player);
        suite.pass(Duration.ofMillis(300));
        suite.collects(cell, player, suite.routed().route().loginId1());

        assertThat(cell.line().ids()).endsWith("2afd");
        assertThat(suite.rehomes).isEmpty();
    }

    @Test
    void lateSavesAfterAHandOverAreAnsweredAndNotWritten() {
        Cell next = suite.cell(FIELD, 2);
        suite.collects(next, player, suite.rehomes.getFirst().route().loginId1());
        suite.upstream.sent.clear();

        suite.from(cell, items(1));
        suite.from(cell, suite.save(player, FIELD.value(), 1));

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(cell.line().ids()).as("so that it forgets him").containsExactly("388b", "2b21");
    }

    /** His map-server has not worked out his hit points: he would be dead. */
    @Test
    void lastSaveOfOneWhoWasStillLoadingIsAnsweredAndNotTaken() {
        Player loading = player(2);
        suite.comes(loading, FIELD, cell);
        suite.goes(loading);
        Packet dead = suite.save(loading, FIELD.value(), 1);
        statusOf(dead).set("hp", 0);
        suite.from(cell, dead);
        assertThat(cell.line().ids()).containsExactly("2b21");
        assertThat(suite.upstream.ids()).doesNotContain("2b01");
        assertThat(suite.journal).isEmpty();
        assertThat(suite.violations).isEmpty();
    }

    @Test
    void whoWasStillLoadingWhenHisServerLetHimGoGoesOnAsHeCame() {
        Player loading = player(2);
        suite.comes(loading, FIELD, cell);
        suite.mux.release(FIELD);
        Packet dead = suite.save(loading, FIELD.value(), 1);
        statusOf(dead).set("hp", 0);
        suite.from(cell, dead);
        PlayerSession session = MuxUnderTest.row(suite.rows.stream()
                .filter(row -> row.account() == loading.account())
                .reduce((first, last) -> last)
                .orElseThrow());
        assertThat(session.saves).isZero();
        assertThat(suite.journal).isEmpty();
        Cell next = suite.cell(FIELD, 2);
        suite.collects(next, loading, suite.rehomes.getLast().route().loginId1());
        assertThat(next.line().ids()).containsExactly("2afd");
    }

    /** It is the last that has him as he was, should this process end now. */
    @Test
    void lateSaveIsNotAnsweredWhileTheOneBeforeItCouldBeLost() {
        suite.journalIsSlow = true;
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        Cell next = suite.cell(FIELD, 2);
        suite.collects(next, player, suite.rehomes.getFirst().route().loginId1());
        cell.line().sent.clear();

        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(cell.line().ids()).isEmpty();
        suite.written.forEach(Runnable::run);
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(cell.line().ids()).containsExactly("2b21");
    }

    @Test
    void groupLongerThanAnyHonestOneIsForgotten() {
        for (int i = 0; i <= SaveAssembly.MAX_PACKETS; i++) {
            suite.from(cell, variable("PC_DIE_COUNTER"));
        }
        suite.from(cell, suite.save(player, FIELD.value(), 0));

        assertThat(suite.upstream.ids()).containsExactly("2b01");
        assertThat(suite.violations).hasSize(1);
    }

    @Test
    void whatWasSavedWhileTheCharServerWasAwayIsReplayedBeforeTheMaps() {
        suite.charServerDies();
        suite.from(cell, items(1));
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        Packet newest = suite.save(player, FIELD.value(), 0);
        statusOf(newest).set("base_exp", 900);
        suite.from(cell, newest);
        Player leaver = player(2);

        suite.pass(Duration.ofMillis(200));
        suite.login();

        assertThat(suite.upstream.ids())
                .containsExactly("2af8", "2b26", "308b", "2b01", "2b26", "2b23", "2aff", "2b19", "2afa");
        assertThat(statusOf(suite.upstream.last(MapToChar.SAVE_CHARACTER)).baseExp())
                .isEqualTo(900);
        assertThat(suite.rows).noneMatch(row -> row.account() == leaver.account());
    }

    @Test
    void whatIsSavedDuringTheReplayIsSentBehindIt() {
        suite.charServerDies();
        saved(900);
        suite.pass(Duration.ofMillis(200));
        suite.mux.upstreamOpened(Slot.MULTIPLEXER, suite.upstream);
        suite.mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        saved(901);
        assertThat(suite.upstream.ids()).doesNotContain("2aff");

        suite.answerKeepAlive();
        suite.mux.fromUpstream(Slot.MULTIPLEXER, Packet.variable(CharToMap.MAPS_ACCEPTED, 53));
        suite.coreMaps();

        assertThat(statusOf(suite.upstream.last(MapToChar.SAVE_CHARACTER)).baseExp())
                .isEqualTo(901);
    }

    private void saved(int experience) {
        Packet save = suite.save(player, FIELD.value(), 0);
        statusOf(save).set("base_exp", experience);
        suite.from(cell, save);
    }

    @Test
    void playerWhoLeftWhileTheCharServerWasAwayIsSavedForGoodWhenItIsBack() {
        suite.goes(player);
        suite.charServerDies();
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(cell.line().ids()).as("not acknowledged").doesNotContain("2b21");

        suite.pass(Duration.ofMillis(200));
        suite.login();

        assertThat(suite.upstream.ids())
                .containsExactly("2af8", "2b26", "2b01", "2b26", "2b23", "2b01", "2aff", "2afa");
        assertThat(suite.upstream.last(MapToChar.SAVE_CHARACTER).u8(12)).isEqualTo(1);
        assertThat(cell.line().ids()).contains("2b21");
        assertThat(suite.rows).isEmpty();
    }

    @Test
    void saveThatTheCharServerMayNotHaveReadIsSentAgain() {
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.charServerDies();
        suite.pass(Duration.ofMillis(200));
        suite.login();
        assertThat(suite.upstream.ids()).contains("2b01");

        // Behind the next keep-alive's answer it has been read.
        suite.charServerDies();
        suite.pass(Duration.ofMillis(200));
        suite.login();
        assertThat(suite.upstream.ids()).doesNotContain("2b01");
    }

    @Test
    void honestSaveOnTheWayToCoreIsTakenWhileNobodyKnowsCoresMaps() {
        suite.charServerDies();
        suite.from(cell, suite.save(player, MuxUnderTest.TOWN, 0));

        assertThat(suite.violations).isEmpty();
        assertThat(suite.journal).hasSize(1);
    }

    // ---- the journal ----

    private MuxUnderTest restarted() {
        MuxUnderTest again = new MuxUnderTest();
        again.rows.addAll(suite.rows);
        again.journal.addAll(suite.journal);
        again.mux.start(again.rows.isEmpty() ? List.of() : List.of(again.rows.getLast()), List.copyOf(again.journal));
        again.login();
        return again;
    }

    @Test
    void acceptedGroupIsJournaledWholeAndTakenOutOnceTheCharServerHasReadIt() {
        suite.from(cell, items(1));
        assertThat(suite.journal).isEmpty();
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        assertThat(suite.journal).singleElement().satisfies(group -> {
            assertThat(group.account()).isEqualTo(player.account());
            assertThat(group.character()).isEqualTo(player.character());
            assertThat(group.packets()).extracting(Packet::id).containsExactly(0x308b, 0x2b01);
        });

        suite.pass(Duration.ofMillis(100));
        assertThat(suite.upstream.ids()).endsWith("2b23");
        suite.answerKeepAlive();
        assertThat(suite.journal).isEmpty();
    }

    @Test
    void whatWasJournaledIsReplayedByTheNextInstance() {
        suite.charServerDies();
        suite.from(cell, items(1));
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        Packet newest = suite.save(player, FIELD.value(), 0);
        statusOf(newest).set("base_exp", 900);
        suite.from(cell, newest);

        MuxUnderTest again = restarted();

        assertThat(again.upstream.ids())
                .containsExactly("2af8", "2b26", "308b", "2b01", "2b26", "2b23", "2aff", "2b19", "2afa");
        assertThat(statusOf(again.upstream.last(MapToChar.SAVE_CHARACTER)).baseExp())
                .isEqualTo(900);
        assertThat(again.journal).isEmpty();
    }

    @Test
    void finalSaveSurvivesThisService() {
        suite.goes(player);
        suite.charServerDies();
        suite.from(cell, suite.save(player, FIELD.value(), 1));

        MuxUnderTest again = restarted();

        assertThat(again.upstream.ids())
                .containsExactly("2af8", "2b26", "2b01", "2b26", "2b23", "2b01", "2aff", "2afa");
        assertThat(again.upstream.last(MapToChar.SAVE_CHARACTER).u8(12)).isEqualTo(1);
    }

    @Test
    void whoIsInPlayNoLongerIsSavedAllTheSame() {
        suite.charServerDies();
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.rows.clear();

        MuxUnderTest again = restarted();

        assertThat(again.upstream.ids())
                .containsExactly("2af8", "2b26", "2b01", "2b26", "2b23", "2b01", "2aff", "2afa");
        assertThat(again.upstream.last(MapToChar.SAVE_CHARACTER).u8(12))
                .as("or the char-server drops it for one character in 256")
                .isEqualTo(1);
        assertThat(again.journal).isEmpty();
    }

    @Test
    void replayThatWasNotReadIsRepeated() {
        suite.charServerDies();
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.rows.clear();
        MuxUnderTest again = new MuxUnderTest();
        again.journal.addAll(suite.journal);
        again.mux.start(List.of(), List.copyOf(suite.journal));
        again.mux.upstreamOpened(Slot.MULTIPLEXER, again.upstream);
        again.mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        assertThat(again.upstream.ids()).containsExactly("2af8", "2b26", "2b01", "2b26", "2b23");
        again.charServerDies();
        assertThat(again.journal).hasSize(1);
        again.pass(Duration.ofMillis(200));
        again.login();
        assertThat(again.upstream.ids())
                .containsExactly("2af8", "2b26", "2b01", "2b26", "2b23", "2b01", "2aff", "2afa");
        assertThat(again.journal).isEmpty();
    }

    @Test
    void replayOfManyGoesOnAsTheyAreStored() {
        int many = 3 * Upstream.MOST_ASKED;
        MuxUnderTest again = new MuxUnderTest();
        for (int character = 1; character <= many; character++) {
            again.journal.add(SavedGroup.of(
                    character,
                    character,
                    List.of(Compressed.of(
                            SaveCharacter.of(character, character, false, new byte[MuxUnderTest.STATUS_SIZE])
                                    .packet()
                                    .bytes()))));
        }
        again.mux.start(List.of(), List.copyOf(again.journal));
        again.mux.upstreamOpened(Slot.MULTIPLEXER, again.upstream);
        again.mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));

        assertThat(again.upstream.asked).hasSize(Upstream.MOST_ASKED);
        assertThat(again.upstream.ids().stream().filter("2b01"::equals)).hasSize(Upstream.MOST_ASKED / 2);
        assertThat(again.upstream.ids()).as("not all is sent").doesNotContain("2b23");

        again.answerKeepAlive();
        assertThat(again.upstream.ids().stream().filter("2b01"::equals))
                .as("each, and for good")
                .hasSize(2 * many);
        assertThat(again.upstream.ids()).endsWith("2aff", "2afa");
        assertThat(again.journal).isEmpty();
    }

    @Test
    void nobodyIsLetGoBeforeHisLastSaveIsSafe() {
        suite.journalWorks = false;
        suite.mux.release(FIELD);
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        assertThat(cell.line().ids()).doesNotContain("2b21");
        assertThat(suite.mux.sessionCounts()).containsEntry(SessionState.PLAYING, 1);

        suite.pass(Duration.ofMillis(100));
        suite.answerKeepAlive();

        assertThat(cell.line().ids()).as("the char-server has it").endsWith("2b21");
        assertThat(suite.mux.sessionCounts()).containsEntry(SessionState.HANDOVER, 1);
    }

    @Test
    void finalSaveThatWasLostWithThisServiceIsTakenWhenItComesAgain() {
        suite.goes(player);
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        SessionRow row = suite.rows.getLast();
        assertThat(row.state()).isEqualTo(SessionState.PENDING_REPLAY);

        MuxUnderTest again = new MuxUnderTest();
        again.mux.start(List.of(row), List.of());
        again.login();
        assertThat(again.upstream.take()).as("not in play").containsExactly("2af8", "2b23", "2aff", "2afa");
        Cell back = again.connect(cell.server().key(), false, FIELD);
        again.from(back, again.save(player, FIELD.value(), 0));
        assertThat(again.upstream.sent).as("he is no longer there").isEmpty();
        again.from(back, again.save(player, FIELD.value(), 1));
        assertThat(again.upstream.take()).containsExactly("2b01", "2b26", "2b01");
        again.answerKeepAlive();

        assertThat(back.line().ids()).endsWith("2b21");
        assertThat(again.rows).isEmpty();
        assertThat(again.violations).isEmpty();
    }

    @Test
    void finalSaveThatDoesNotComeAgainIsNotWaitedForForEver() {
        suite.goes(player);
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        MuxUnderTest again = new MuxUnderTest();
        again.rows.addAll(suite.rows);
        again.mux.start(again.rows, List.of());
        again.login();
        again.pass(Duration.ofSeconds(119));
        assertThat(again.mux.sessionCounts()).containsEntry(SessionState.PENDING_REPLAY, 1);
        again.pass(Duration.ofSeconds(1));
        assertThat(again.mux.sessionCounts()).containsEntry(SessionState.PENDING_REPLAY, 0);
        assertThat(again.rows).isEmpty();
    }

    // ---- the char-server's database ----

    private Optional<Instant> notStored() {
        return suite.mux.notStoredSince();
    }

    private int storedExp(Player whose) {
        return (int)
                new CharStatus(Packet.of(suite.upstream.record(whose.character())), 0, MuxUnderTest.LAYOUT.character())
                        .baseExp();
    }

    private void look() {
        suite.pass(Duration.ofSeconds(1));
        suite.answerKeepAlive();
        suite.pass(Duration.ofMillis(100));
        suite.answerKeepAlive();
    }

    @Test
    void whatTheDatabaseDidNotTakeIsKeptAndSentAgainUntilItDoes() {
        suite.upstream.takes = any -> false;
        changed(status -> status.set("base_exp", 900));
        look();
        assertThat(notStored()).isPresent();
        assertThat(suite.journal).hasSize(1);

        suite.upstream.sent.clear();
        for (int second = 0; second < 5; second++) {
            look();
        }
        assertThat(suite.upstream.ids()).containsSubsequence("2b01", "2b26");
        assertThat(suite.journal).hasSize(1);

        suite.upstream.takes = any -> true;
        for (int second = 0; second < 7; second++) {
            look();
        }
        assertThat(storedExp(player)).isEqualTo(900);
        assertThat(notStored()).isEmpty();
        assertThat(suite.journal).isEmpty();
    }

    @Test
    void finalSaveThatIsNotStoredIsNotAcknowledgedAndKeepsHimInPlay() {
        suite.upstream.takes = any -> false;
        suite.goes(player);
        changed(status -> status.set("base_exp", 900), 1);
        look();
        toPlayer(Packet.fixed(CharToMap.SAVE_ACK, 10).u32(2, player.account()).u32(6, player.character()));
        assertThat(cell.line().ids()).doesNotContain("2b21");
        assertThat(suite.upstream.ids()).doesNotContain("2b17");
        suite.enters(player);
        assertThat(suite.answers.getLast())
                .isEqualTo(EntryAnswer.refused(
                        EntryAnswer.Code.STILL_RECOGNISED, "his last save waits for the char-server's database"));

        suite.upstream.takes = any -> true;
        for (int second = 0; second < 7; second++) {
            look();
        }
        assertThat(cell.line().ids()).endsWith("2b21");
        assertThat(storedExp(player)).isEqualTo(900);
        assertThat(suite.rows).isEmpty();
    }

    @Test
    void whoIsAtCharacterSelectAlreadyIsNotCalledOnlineAgain() {
        suite.mux.restartSeen(player.account());
        Pseudonyms.Ids ids = suite.pseudonyms().of(MuxUnderTest.row(suite.rows.getLast()));
        suite.from(
                cell,
                CharSelectRequest.of(player.account(), ids.loginId1(), ids.loginId2(), 0)
                        .packet());
        suite.upstream.take();
        changed(status -> status.set("base_exp", 900), 1);

        assertThat(suite.upstream.ids()).as("in one go").containsExactly("2b01", "2b26", "2b01");
        assertThat(suite.upstream.last(MapToChar.SAVE_CHARACTER).u8(12)).isEqualTo(1);
        suite.answerKeepAlive();
        assertThat(cell.line().ids()).endsWith("2b21");
        assertThat(suite.rows).isEmpty();
    }

    @Test
    void whoWentToCharacterSelectUnstoredIsStoredLaterWithoutBeingLeftOnline() {
        suite.upstream.takes = any -> false;
        suite.mux.restartSeen(player.account());
        Pseudonyms.Ids ids = suite.pseudonyms().of(MuxUnderTest.row(suite.rows.getLast()));
        suite.from(
                cell,
                CharSelectRequest.of(player.account(), ids.loginId1(), ids.loginId2(), 0)
                        .packet());
        changed(status -> status.set("base_exp", 900), 1);
        look();
        assertThat(cell.line().ids()).doesNotContain("2b21");

        suite.upstream.takes = any -> true;
        suite.upstream.sent.clear();
        for (int second = 0; second < 7; second++) {
            look();
        }
        assertThat(suite.upstream.ids().stream().filter(id -> !id.equals("2b23")))
                .startsWith("2b01", "2b26", "2b01");
        assertThat(suite.upstream.last(MapToChar.SAVE_CHARACTER).u8(12)).isEqualTo(1);
        assertThat(storedExp(player)).isEqualTo(900);
        assertThat(cell.line().ids()).endsWith("2b21");
        assertThat(suite.rows).isEmpty();
    }

    @Test
    void whoShowedThatNothingIsStoredAndCameAnewHoldsNobodyUp() {
        suite.upstream.takes = any -> false;
        changed(status -> status.set("base_exp", 900));
        look();
        assertThat(notStored()).isPresent();

        // He logs in anew: the char-server let him, with what it has.
        suite.mux.enter(
                new EntryRequest(MuxUnderTest.RELAY, 1, player.account(), player.character(), 4_711, 0),
                suite.answers::add);
        suite.accepted(player, FIELD);
        Player other = player(2);
        suite.plays(other, FIELD, cell);
        suite.from(cell, suite.save(other, FIELD.value(), 0));
        look();
        assertThat(notStored()).isEmpty();
    }

    @Test
    void oneWhoseSavesAreNotStoredWhileOthersAreIsGivenUpAndHoldsNobodyUp() {
        Player other = player(2);
        suite.plays(other, FIELD, cell);
        suite.upstream.takes = character -> character == other.character();
        changed(status -> status.set("base_exp", 900));
        for (int second = 0; second < 30; second++) {
            Packet save = suite.save(other, FIELD.value(), 0);
            statusOf(save).set("base_exp", 200 + second);
            suite.from(cell, save);
            look();
        }

        assertThat(storedExp(other)).isEqualTo(229);
        assertThat(suite.violations)
                .singleElement()
                .satisfies(seen -> assertThat(seen.account()).isEqualTo(player.account()));
        assertThat(suite.aside).as("kept for the operator").containsExactly(player.character());
        assertThat(suite.journal).isEmpty();
    }

    @Test
    void whatWasSavedBeforeHeWentToCoreIsNotReplayedOverWhatCoreSaves() {
        changed(status -> status.set("base_exp", 900));
        assertThat(suite.journal).hasSize(1);
        Pseudonyms.Ids ids = suite.pseudonyms().of(MuxUnderTest.row(suite.rows.getLast()));
        suite.from(
                cell,
                ServerChange.of(player.account(), player.character(), new MapPoint(TOWN, 1, 1))
                        .loginIds(ids.loginId1(), ids.loginId2())
                        .packet());
        assertThat(suite.journal).hasSize(1);
        suite.mux.fromUpstream(Slot.CORE, MuxUnderTest.authOk(player, TOWN));

        assertThat(suite.aside).as("kept for the operator").containsExactly(player.character());
        assertThat(suite.journal).isEmpty();
        look();
        assertThat(suite.journal).isEmpty();
    }

    @Test
    void whatWasSavedBeforeHeCameAnewIsNotReplayedEither() {
        changed(status -> status.set("base_exp", 900));
        suite.mux.enter(
                new EntryRequest(MuxUnderTest.RELAY, 1, player.account(), player.character(), 4_711, 0),
                suite.answers::add);
        suite.accepted(player, FIELD);

        assertThat(suite.aside).containsExactly(player.character());
        assertThat(suite.journal).isEmpty();
        suite.collects(cell, player, suite.routed().route().loginId1());
        changed(status -> status.set("base_exp", 950));
        look();
        assertThat(storedExp(player)).isEqualTo(950);
        assertThat(suite.journal).isEmpty();
    }

    @Test
    void operatorMayHaveItLookedAtAtOnceOrGivenUp() {
        assertThat(suite.mux.discard(player.character())).isFalse();
        suite.upstream.takes = any -> false;
        changed(status -> status.set("base_exp", 900));
        look();
        assertThat(notStored()).isPresent();

        suite.upstream.sent.clear();
        assertThat(suite.mux.release(player.character())).isTrue();
        suite.pass(Duration.ofMillis(100));
        assertThat(suite.upstream.ids()).contains("2b26");
        suite.answerKeepAlive();

        assertThat(suite.mux.discard(player.character())).isTrue();
        assertThat(suite.journal).isEmpty();
        suite.pass(Duration.ofSeconds(1));
        assertThat(notStored()).isEmpty();
        assertThat(suite.mux.release(player.character())).isFalse();
    }

    @Test
    void replayIsNotHeldUpByWhatAnOperatorGivesUp() {
        suite.charServerDies();
        changed(status -> status.set("base_exp", 900));
        suite.rows.clear();
        MuxUnderTest again = new MuxUnderTest();
        again.journal.addAll(suite.journal);
        again.upstream.readable = false;
        again.mux.start(List.of(), List.copyOf(suite.journal));
        again.mux.upstreamOpened(Slot.MULTIPLEXER, again.upstream);
        again.mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        again.answerKeepAlive();
        assertThat(again.upstream.ids()).doesNotContain("2afa");

        assertThat(again.mux.discard(player.character())).isTrue();
        again.pass(Duration.ofSeconds(5));
        again.answerKeepAlive();
        assertThat(again.upstream.ids()).contains("2afa");
        assertThat(again.journal).isEmpty();
    }

    @Test
    void itemsThatCouldNotBeStoredAreSentAgain() {
        suite.from(cell, items(1));
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        toPlayer(Packet.fixed(CharToMap.ITEMS_SAVED, 9)
                .u32(2, player.account())
                .u8(6, 0)
                .u8(7, 1));
        look();
        assertThat(notStored()).isPresent();

        suite.upstream.sent.clear();
        for (int second = 0; second < 14; second++) {
            look();
            if (suite.upstream.ids().contains("308b")) {
                toPlayer(Packet.fixed(CharToMap.ITEMS_SAVED, 9)
                        .u32(2, player.account())
                        .u8(6, 1)
                        .u8(7, 1));
            }
        }
        assertThat(suite.upstream.ids()).contains("308b");
        assertThat(notStored()).isEmpty();
        assertThat(suite.journal).isEmpty();
    }

    /** The database was away for a moment: that it takes what comes later says nothing of what came before. */
    @Test
    void itemsThatCouldNotBeStoredAreNotForgottenWhenAnotherIsStored() {
        Player other = player(2);
        suite.plays(other, FIELD, cell);
        Packet save = suite.save(other, FIELD.value(), 0);
        statusOf(save).set("base_exp", 900);
        suite.from(cell, save);
        suite.from(cell, items(1));
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        itemsSaved(0);
        suite.upstream.sent.clear();
        for (int second = 0; second < 14 && !suite.upstream.ids().contains("308b"); second++) {
            look();
        }
        assertThat(suite.upstream.ids()).as("sent again").contains("308b");
        assertThat(suite.journal).anyMatch(group -> group.character() == player.character());

        for (int second = 0; second < 14; second++) {
            itemsSaved(1);
            look();
        }
        assertThat(suite.journal).isEmpty();
        assertThat(notStored()).isEmpty();
    }

    private void itemsSaved(int ok) {
        toPlayer(Packet.fixed(CharToMap.ITEMS_SAVED, 9)
                .u32(2, player.account())
                .u8(6, ok)
                .u8(7, 1));
    }

    @Test
    void mapsAreNotAnnouncedBeforeTheReplayIsStored() {
        suite.charServerDies();
        changed(status -> status.set("base_exp", 900));
        suite.upstream.takes = any -> false;
        suite.pass(Duration.ofMillis(200));
        suite.mux.upstreamOpened(Slot.MULTIPLEXER, suite.upstream);
        suite.mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        for (int second = 0; second < 20; second++) {
            look();
        }
        assertThat(suite.upstream.ids()).doesNotContain("2afa");
        assertThat(notStored()).isPresent();

        suite.upstream.takes = any -> true;
        for (int second = 0; second < 6; second++) {
            look();
        }
        assertThat(suite.upstream.ids()).contains("2afa");
        assertThat(storedExp(player)).isEqualTo(900);
        assertThat(suite.journal).isEmpty();
    }
}
