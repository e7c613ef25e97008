package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.CAVE;
import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.LAYOUT;
import static io.p2phost.dbproxy.mux.MuxUnderTest.TOWN;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static io.p2phost.dbproxy.mux.MuxUnderTest.statusOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.inter.Acks;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.ItemsLoaded;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.ServerChange;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;
import io.p2phost.ro.layout.Storage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pets, homunculi, mercenaries and elementals of honest players; what hostile hosts do with them is in ExploitsTest. */
class CompanionsTest {
    private static final int EGG = 0x100;
    private static final int INCUBATE = 8 + 53;

    private final MuxUnderTest suite = new MuxUnderTest();
    private final Player player = player(1);
    private Cell cell;

    @BeforeEach
    void play() {
        suite.up();
        cell = suite.cell(FIELD, 1);
        suite.plays(player, FIELD, cell);
    }

    private Packet of(int id, int number) {
        boolean fromServer = InterPackets.MAP_TO_CHAR.packetOrNull(id) != null;
        PacketLayout layout = fromServer ? InterPackets.MAP_TO_CHAR.packet(id) : InterPackets.CHAR_TO_MAP.packet(id);
        Packet packet = layout.entries() == null
                ? layout.create()
                : layout.create(layout.list()
                        .base(1, LAYOUT.struct(layout.list().structure()).size()));
        for (Field field : layout.fields()) {
            String name = field.name();
            if (name.endsWith("account_id")) {
                field.set(packet, player.account());
            } else if (name.endsWith("char_id")) {
                field.set(packet, player.character());
            } else if (name.equals(name(id))) {
                field.set(packet, number);
            } else if (name.equals("ok")) {
                field.set(packet, 1);
            }
        }
        return packet;
    }

    private static String name(int id) {
        CompanionKind kind = CompanionKind.of(id);
        return kind == null ? "" : kind.name().toLowerCase(Locale.ROOT) + "_id";
    }

    private void toPlayer(Packet packet) {
        suite.mux.fromUpstream(Slot.MULTIPLEXER, packet);
    }

    private void has(CompanionKind kind, int number) {
        toPlayer(of(kind.loaded, number));
        cell.line().take();
    }

    private Packet record(CompanionKind kind, int number) {
        Packet save = suite.save(player, FIELD.value(), 0);
        statusOf(save).set(kind.inRecord, number);
        return save;
    }

    @ParameterizedTest
    @EnumSource
    void isHisFromTheCharServersWordOn(CompanionKind kind) {
        suite.from(cell, of(kind.create, 0));
        assertThat(suite.upstream.take()).hasSize(1);
        suite.from(cell, of(kind.save, 77));
        suite.from(cell, record(kind, 77));
        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations).as("before").hasSize(2).allMatch(seen -> seen.kind() == Violation.Kind.FOREIGN_ID);

        toPlayer(of(kind.created, 77));
        assertThat(cell.line().take()).hasSize(1);
        suite.from(cell, of(kind.load, 77));
        suite.from(cell, of(kind.save, 77));
        suite.from(cell, record(kind, 77));
        suite.from(cell, of(kind.delete, 77));
        assertThat(suite.upstream.take()).containsExactly(id(kind.load), id(kind.save), "2b01", id(kind.delete));
        assertThat(suite.violations).hasSize(2);

        suite.from(cell, of(kind.save, 77));
        suite.from(cell, of(kind.delete, 77));
        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations)
                .as("it is gone, which an honest server may know later")
                .hasSize(4)
                .noneMatch(seen -> suite.violations.indexOf(seen) > 1 && seen.kind() == Violation.Kind.FOREIGN_ID);
        suite.from(cell, record(kind, 77));
        assertThat(suite.upstream.take())
                .as("a record that is behind harms nobody")
                .containsExactly("2b01");
        suite.from(cell, record(kind, 0));
        suite.from(cell, record(kind, 77));
        assertThat(suite.upstream.take()).containsExactly("2b01");
    }

    private static String id(int id) {
        return String.format("%04x", id);
    }

    @ParameterizedTest
    @EnumSource
    void thatOfHisRecordIsHis(CompanionKind kind) {
        Player other = player(2);
        Packet ok = MuxUnderTest.authOk(other, FIELD.value());
        new CharStatus(ok, 25, LAYOUT.character()).set(kind.inRecord, 88);
        suite.enters(other);
        toPlayer(ok);
        suite.collects(cell, other, suite.routed().route().loginId1());
        suite.upstream.take();

        suite.from(cell, of(kind.save, 88));
        assertThat(suite.upstream.sent).as("not this one's").isEmpty();
        Packet save = of(kind.save, 88);
        ids(save, other);
        suite.from(cell, save);

        assertThat(suite.upstream.take()).containsExactly(id(kind.save));
        assertThat(suite.violations).hasSize(1);
    }

    private static void ids(Packet packet, Player of) {
        for (Field field : InterPackets.MAP_TO_CHAR.packet(packet.id()).fields()) {
            if (field.name().endsWith("account_id")) {
                field.set(packet, of.account());
            } else if (field.name().endsWith("char_id")) {
                field.set(packet, of.character());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isHisAfterARestartToo(CompanionKind kind) {
        has(kind, 77);
        SessionRow row = suite.rows.getLast();
        assertThat(row.companions()).contains(":77");

        MuxUnderTest again = new MuxUnderTest();
        again.mux.start(List.of(row), List.of());
        again.login();
        Cell back = again.connect(cell.server().key(), false, FIELD);
        again.upstream.take();
        again.from(back, of(kind.save, 77));
        again.from(back, record(kind, 77));

        assertThat(again.upstream.take()).containsExactly(id(kind.save), "2b01");
        assertThat(again.violations).isEmpty();
    }

    @Test
    void answerAboutSomebodyElsesHomunculusIsNotPassedOn() {
        Packet foreign = of(CharToMap.HOMUNCULUS, 5).u32(37, player(2).character());
        toPlayer(foreign);
        assertThat(cell.line().sent).isEmpty();

        suite.from(cell, of(MapToChar.SAVE_HOMUNCULUS, 5));
        assertThat(suite.upstream.sent).isEmpty();
        toPlayer(of(CharToMap.HOMUNCULUS, 0).u8(8, 0).u32(37, 0));
        assertThat(cell.line().take()).as("there is none").containsExactly("3891");
    }

    @ParameterizedTest
    @ValueSource(ints = {MapToChar.SAVE_PET, MapToChar.SAVE_HOMUNCULUS, MapToChar.SAVE_MERCENARY})
    void structureOfAnotherSizeIsRefused(int id) {
        CompanionKind kind = CompanionKind.of(id);
        has(kind, 77);
        Packet whole = of(id, 77);
        Packet shorter =
                Packet.of(Arrays.copyOf(whole.bytes(), whole.length() - 1)).u16(2, whole.length() - 1);

        suite.from(cell, shorter);

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations)
                .singleElement()
                .satisfies(seen -> assertThat(seen.what()).contains("expected"));
    }

    // ---- eggs ----

    private void inventory(int pet) {
        Packet items = Packet.variable(
                        MapToChar.SAVE_ITEMS, 13 + LAYOUT.storage().size())
                .u8(4, ItemKind.INVENTORY.code())
                .u32(5, player.account())
                .u32(9, player.character());
        egg(items, 13, pet);
        suite.from(cell, items);
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.upstream.take();
    }

    private static void egg(Packet packet, int at, int pet) {
        new Storage(packet, at, LAYOUT.storage())
                .item(3)
                .set("nameid", 9_001)
                .set("amount", 1)
                .set("card0", EGG)
                .set("card1", pet & 0xffff)
                .set("card2", pet >>> 16);
    }

    @Test
    void whoHasTheEggHatchesItsPet() {
        suite.from(cell, of(MapToChar.LOAD_PET, 70_001));
        assertThat(suite.upstream.sent).as("nothing is known of the egg").isEmpty();
        assertThat(cell.line().take()).containsExactly("3881");
        assertThat(suite.violations).as("he may have found it a moment ago").isEmpty();

        inventory(70_001);
        suite.from(cell, of(MapToChar.LOAD_PET, 70_001));
        assertThat(suite.upstream.take()).containsExactly("3081");
        toPlayer(of(CharToMap.PET, 70_001).u32(9, 0).u32(13, 0));
        assertThat(cell.line().take()).containsExactly("3881");
        suite.from(cell, of(MapToChar.SAVE_PET, 70_001));
        assertThat(suite.upstream.take()).containsExactly("3082");

        // Back into the egg: whoever has that next has the pet.
        suite.from(cell, of(MapToChar.SAVE_PET, 70_001).u8(INCUBATE, 1));
        inventory(70_002);
        assertThat(suite.violations).isEmpty();
        suite.from(cell, of(MapToChar.SAVE_PET, 70_001));
        assertThat(suite.upstream.take()).isEmpty();
        assertThat(suite.violations).hasSize(1);
        suite.from(cell, of(MapToChar.LOAD_PET, 70_001));
        assertThat(suite.upstream.take()).as("nor loads it again").isEmpty();
    }

    @Test
    void eggInTheStorageThatWasLoadedIsHisToo() {
        Packet items = ItemsLoaded.of(
                        ItemKind.STORAGE,
                        player.account(),
                        new byte[LAYOUT.storage().size()])
                .packet();
        egg(items, 10, 9);
        toPlayer(items);
        suite.from(cell, of(MapToChar.LOAD_PET, 9));

        assertThat(suite.upstream.take()).containsExactly("3081");
    }

    @Test
    void petThatDoesNotFitIsDeletedAtOnce() {
        toPlayer(of(CharToMap.PET_CREATED, 9));
        suite.from(cell, of(MapToChar.DELETE_PET, 9));

        assertThat(suite.upstream.take()).containsExactly("3083");
    }

    // ---- while the char-server is away ----

    @Test
    void eachOnesNewestSaveIsReplayedAndADeletedOneIsNot() {
        has(CompanionKind.PET, 1);
        has(CompanionKind.PET, 2);
        has(CompanionKind.MERCENARY, 3);
        suite.charServerDies();
        for (int intimacy = 1; intimacy <= 3; intimacy++) {
            suite.from(cell, of(MapToChar.SAVE_PET, 1).u16(8 + 24, intimacy));
        }
        suite.from(cell, of(MapToChar.SAVE_PET, 2));
        suite.from(cell, of(MapToChar.SAVE_MERCENARY, 3));
        suite.from(cell, of(MapToChar.DELETE_MERCENARY, 3));
        suite.from(cell, suite.save(player, FIELD.value(), 0));

        suite.pass(Duration.ofMillis(200));
        suite.login();

        assertThat(suite.upstream.ids())
                .containsExactly(
                        "2af8", "2b26", "2b01", "3082", "3082", "3072", "2b26", "2b23", "2aff", "2b19", "2afa");
        assertThat(suite.upstream.sent.get(3).u16(8 + 24)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void nextServerLoadsWhatTheLastOneSaved(CompanionKind kind) {
        has(kind, 77);
        suite.charServerDies();
        Packet save = of(kind.save, 77);
        save.u8(save.length() - 1, 42);
        suite.from(cell, save);
        Cell next = suite.cell(FIELD, 2);
        suite.collects(next, player, suite.rehomes.getLast().route().loginId1());
        next.line().take();

        suite.from(next, of(kind.load, 77));

        Packet answer = next.line().last(kind.loaded);
        assertThat(kind.number(answer)).isEqualTo(77);
        assertThat(answer.u8(answer.length() - 1)).isEqualTo(42);
    }

    // ---- what follows a last save ----

    private final List<String> following = new ArrayList<>();

    private void followsALastSave() {
        suite.upstream.take();
        for (CompanionKind kind : CompanionKind.values()) {
            suite.from(cell, of(kind.save, 77));
        }
        suite.from(cell, Packet.variable(MapToChar.SAVE_QUESTS, 8).u32(4, player.character()));
        suite.from(cell, Packet.variable(MapToChar.SAVE_ACHIEVEMENTS, 8).u32(4, player.character()));
        following.addAll(suite.upstream.take());
    }

    private void hasAll() {
        for (CompanionKind kind : CompanionKind.values()) {
            has(kind, 77);
        }
    }

    @Test
    void followsAFinalSaveAlsoBehindItsConfirmation() {
        suite.goes(player);
        hasAll();
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        followsALastSave();
        suite.pass(Duration.ofMillis(100));
        suite.answerKeepAlive();
        assertThat(cell.line().take()).containsExactly("2b21");
        suite.upstream.take();
        followsALastSave();
        suite.from(cell, of(MapToChar.DELETE_ELEMENTAL, 77));

        assertThat(following).hasSize(12);
        assertThat(suite.upstream.take()).containsExactly("307e");
        assertThat(suite.violations).isEmpty();
        assertThat(suite.rows).isEmpty();
        suite.pass(Duration.ofSeconds(2));
        suite.from(cell, of(MapToChar.SAVE_PET, 77));
        assertThat(suite.violations).hasSize(1);
    }

    @Test
    void followsTheSaveBeforeAPortalAndAPlannedMove() {
        hasAll();
        suite.cell(CAVE, 1);
        Pseudonyms.Ids ids = suite.pseudonyms().of(MuxUnderTest.row(suite.rows.getLast()));
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.from(
                cell,
                ServerChange.of(player.account(), player.character(), new MapPoint(CAVE.value(), 1, 1))
                        .loginIds(ids.loginId1(), ids.loginId2())
                        .packet());
        followsALastSave();
        assertThat(following).hasSize(6);
        assertThat(suite.violations).isEmpty();
    }

    @Test
    void followsTheSaveOfAPlannedMoveUntilTheNextServerHasHim() {
        hasAll();
        suite.mux.release(FIELD);
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        followsALastSave();
        Cell next = suite.cell(FIELD, 2);
        followsALastSave();
        assertThat(following).hasSize(12);
        assertThat(suite.violations).isEmpty();

        suite.collects(next, player, suite.rehomes.getLast().route().loginId1());
        followsALastSave();
        assertThat(following).hasSize(12);
    }

    @Test
    void nothingFollowsOfOneWhoIsBackOnCore() {
        hasAll();
        suite.from(cell, suite.save(player, FIELD.value(), 1));
        suite.mux.fromUpstream(Slot.CORE, MuxUnderTest.authOk(player, TOWN));
        followsALastSave();

        assertThat(following).isEmpty();
    }

    @Test
    void savesAreAcknowledgedByTheCharServerOnly() {
        has(CompanionKind.PET, 77);
        toPlayer(Acks.pet(player.account(), true));
        assertThat(cell.line().take()).containsExactly("3882");
    }
}
