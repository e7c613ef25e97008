package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.LAYOUT;
import static io.p2phost.dbproxy.mux.MuxUnderTest.TOWN;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.Epoch;
import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.ItemsLoaded;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveItems;
import io.p2phost.ro.inter.WhisperDelivery;
import io.p2phost.ro.layout.Item;
import io.p2phost.ro.layout.Storage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rare items that a host's map gives stay with whom it gave them to, until they are confirmed. */
class QuarantineTest {
    private static final int CARD = 4_001;
    private static final int OTHER_CARD = 4_147;
    private static final int SWORD = 1_101;
    private static final int APPLE = 512;

    private final SaveLimits limits = new SaveLimits(
            new SaveLimits.Gain(1, 1, 1_000, 1_000, 0),
            Map.of(),
            List.of(),
            Cells.UNKNOWN,
            RareItems.of(List.of("4001-4700", "2357")));
    private final MuxUnderTest suite = new MuxUnderTest(limits).up();
    private final Player player = player(1);
    private Cell cell;

    @BeforeEach
    void play() {
        cell = suite.cell(FIELD, 1);
        suite.plays(player, FIELD, cell);
        loaded(ItemKind.INVENTORY);
        loaded(ItemKind.CART);
        loaded(ItemKind.STORAGE);
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER,
                Packet.variable(CharToMap.STATUS_CHANGES, 14)
                        .u32(4, player.account())
                        .u32(8, player.character()));
        cell.line().sent.clear();
        suite.upstream.sent.clear();
    }

    /** One kind of item. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stack(int item, int amount, int bound, int... cards) {}

    private static Stack stack(int item, int amount) {
        return new Stack(item, amount, 0);
    }

    private static Stack marked(int item, int amount) {
        return new Stack(item, amount, Quarantine.MARK);
    }

    private static void fill(Storage storage, Stack... stacks) {
        for (int place = 0; place < stacks.length; place++) {
            Item item = storage.item(place)
                    .set("nameid", stacks[place].item)
                    .set("amount", stacks[place].amount)
                    .set("bound", stacks[place].bound);
            for (int card = 0; card < stacks[place].cards.length; card++) {
                item.set("card" + card, stacks[place].cards[card]);
            }
        }
        storage.amount(stacks.length);
    }

    private ItemsLoaded items(ItemKind kind, Stack... stacks) {
        ItemsLoaded items =
                ItemsLoaded.of(kind, player.account(), new byte[LAYOUT.storage().size()]);
        fill(items.storage(LAYOUT), stacks);
        return items;
    }

    /** The char-server answers a load. */
    private void loaded(ItemKind kind, Stack... stacks) {
        suite.mux.fromUpstream(Slot.MULTIPLEXER, items(kind, stacks).packet());
    }

    private void saves(ItemKind kind, Stack... stacks) {
        savesItems(kind, stacks);
        suite.from(cell, suite.save(player, FIELD.value(), 0));
    }

    private void savesItems(ItemKind kind, Stack... stacks) {
        SaveItems save = SaveItems.of(
                kind,
                player.account(),
                player.character(),
                new byte[LAYOUT.storage().size()]);
        fill(save.storage(LAYOUT), stacks);
        suite.from(cell, save.packet());
    }

    private static List<String> shown(Storage storage) {
        return storage.items().stream()
                .map(item -> item.amount() + " " + item.itemId() + (item.bound() == 0 ? "" : " bound " + item.bound()))
                .toList();
    }

    /** What the char-server was given last of that kind. */
    private List<String> stored(ItemKind kind) {
        return suite.upstream.sent.stream()
                .filter(packet -> packet.id() == MapToChar.SAVE_ITEMS)
                .map(SaveItems::new)
                .filter(save -> save.kind() == kind)
                .reduce((first, last) -> last)
                .map(save -> shown(save.storage(LAYOUT)))
                .orElseThrow();
    }

    private List<String> delivered(MuxUnderTest.Line line) {
        return shown(new ItemsLoaded(line.last(CharToMap.ITEMS)).storage(LAYOUT));
    }

    private List<String> found() {
        return suite.found.stream()
                .map(find ->
                        find.amount() + " " + find.item() + " " + find.cell().map())
                .toList();
    }

    private boolean mayGive(Player giver) {
        List<Boolean> told = new ArrayList<>();
        suite.mux.gives(giver.account(), suite.routed().number(), told::add);
        return told.getLast();
    }

    @Test
    void whatAHostsMapGivesIsStoredMarked() {
        saves(ItemKind.INVENTORY, stack(APPLE, 5), stack(CARD, 1));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("5 512", "1 4001 bound 100");
        assertThat(found()).containsExactly("1 4001 prt_fild08");
        assertThat(suite.found.getFirst().account()).isEqualTo(player.account());

        saves(ItemKind.INVENTORY, stack(CARD, 1));
        assertThat(stored(ItemKind.INVENTORY))
                .as("its map-server does not know of the mark")
                .containsExactly("1 4001 bound 100");
        assertThat(suite.found).hasSize(1);
    }

    @Test
    void whatHeHadBeforeIsHis() {
        loaded(ItemKind.INVENTORY, stack(CARD, 2));
        saves(ItemKind.INVENTORY, stack(CARD, 2), stack(APPLE, 1));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("2 4001", "1 512");
        assertThat(suite.found).isEmpty();
    }

    @Test
    void ofAStackOnlyWhatIsNewIsMarked() {
        loaded(ItemKind.INVENTORY, stack(CARD, 2));
        saves(ItemKind.INVENTORY, stack(CARD, 3));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("2 4001", "1 4001 bound 100");
        saves(ItemKind.INVENTORY, stack(CARD, 3));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("2 4001", "1 4001 bound 100");
        assertThat(found()).containsExactly("1 4001 prt_fild08");
    }

    @Test
    void fullInventoryHasItsWholeStackMarked() {
        Stack[] full = new Stack[100];
        for (int place = 1; place < full.length; place++) {
            full[place] = stack(APPLE + place, 1);
        }
        full[0] = stack(CARD, 2);
        loaded(ItemKind.INVENTORY, full);
        full[0] = stack(CARD, 3);
        saves(ItemKind.INVENTORY, full);
        assertThat(stored(ItemKind.INVENTORY)).hasSize(100).contains("3 4001 bound 100");
        full[0] = marked(CARD, 3);
        full[99] = stack(0, 0);
        saves(ItemKind.INVENTORY, full);
        assertThat(stored(ItemKind.INVENTORY)).as("place was made").contains("2 4001", "1 4001 bound 100");
    }

    @Test
    void betweenHisStoresNothingIsFoundAndTheMarkGoesAlong() {
        saves(ItemKind.INVENTORY, stack(CARD, 1));
        savesItems(ItemKind.STORAGE, stack(CARD, 1));
        saves(ItemKind.INVENTORY);
        assertThat(stored(ItemKind.STORAGE)).containsExactly("1 4001 bound 100");
        assertThat(stored(ItemKind.INVENTORY)).isEmpty();
        assertThat(suite.found).hasSize(1);

        savesItems(ItemKind.STORAGE);
        saves(ItemKind.CART, stack(CARD, 1));
        assertThat(stored(ItemKind.CART)).containsExactly("1 4001 bound 100");
        assertThat(suite.found).hasSize(1);
    }

    @Test
    void cardThatIsPutIntoSomethingMarksIt() {
        saves(ItemKind.INVENTORY, stack(CARD, 1), stack(SWORD, 1));
        saves(ItemKind.INVENTORY, new Stack(SWORD, 1, 0, CARD));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("1 1101 bound 100");
        assertThat(suite.found).hasSize(1);

        saves(ItemKind.INVENTORY, new Stack(SWORD, 1, 0, CARD, OTHER_CARD));
        assertThat(found()).containsExactly("1 4001 prt_fild08", "1 4147 prt_fild08");
        suite.mux.confirmed(player.account(), CARD, 1);
        saves(ItemKind.INVENTORY, new Stack(SWORD, 1, 0, CARD, OTHER_CARD));
        assertThat(stored(ItemKind.INVENTORY)).as("the other waits").containsExactly("1 1101 bound 100");
        suite.mux.confirmed(player.account(), OTHER_CARD, 1);
        saves(ItemKind.INVENTORY, new Stack(SWORD, 1, Quarantine.MARK, CARD, OTHER_CARD));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("1 1101");
    }

    @Test
    void makersNumberIsNoCard() {
        saves(ItemKind.INVENTORY, new Stack(SWORD, 1, 0, 0xff, 0, CARD, 2));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("1 1101");
        assertThat(suite.found).isEmpty();
    }

    @Test
    void markThatAHostTakesOffIsSetAgain() {
        loaded(ItemKind.INVENTORY, marked(CARD, 1));
        suite.mux.found(List.of(find(1)));
        loaded(ItemKind.INVENTORY, marked(CARD, 1));
        saves(ItemKind.INVENTORY, stack(CARD, 1));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("1 4001 bound 100");
        assertThat(suite.found).isEmpty();
    }

    private Outside.Found find(int amount) {
        return new Outside.Found(player.account(), player.character(), CARD, amount, (ServerKey.Cell)
                cell.server().key());
    }

    @Test
    void whatTheGameItselfBindsIsLeftAlone() {
        saves(ItemKind.INVENTORY, new Stack(CARD, 1, 4));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("1 4001 bound 4");
        assertThat(suite.found).isEmpty();
        saves(ItemKind.INVENTORY, stack(CARD, 1));
        assertThat(stored(ItemKind.INVENTORY)).as("a host that takes that off").containsExactly("1 4001 bound 100");
        assertThat(suite.found).hasSize(1);
    }

    @Test
    void confirmedOnesLoseTheirMarkWhenTheyAreSavedOrGivenOutAgain() {
        saves(ItemKind.INVENTORY, stack(CARD, 3));
        suite.mux.confirmed(player.account(), CARD, 3);
        assertThat(suite.mux.foundWaiting()).isZero();
        saves(ItemKind.INVENTORY, stack(CARD, 3));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("3 4001");

        loaded(ItemKind.INVENTORY, marked(CARD, 3));
        assertThat(delivered(cell.line())).containsExactly("3 4001");
    }

    @Test
    void onCoreToo() {
        Player other = player(2);
        Cell core = suite.connect(ServerKey.CORE, false, FIELD);
        MuxUnderTest.Line line = core.line();
        suite.mux.upstreamOpened(Slot.CORE, suite.coreUpstream);
        suite.mux.fromUpstream(Slot.CORE, MuxUnderTest.authOk(other, TOWN));
        ItemsLoaded items = ItemsLoaded.of(
                ItemKind.INVENTORY, other.account(), new byte[LAYOUT.storage().size()]);
        fill(items.storage(LAYOUT), marked(CARD, 1), marked(OTHER_CARD, 1));
        suite.mux.found(List.of(new Outside.Found(other.account(), other.character(), OTHER_CARD, 1, (ServerKey.Cell)
                cell.server().key())));
        suite.mux.fromUpstream(Slot.CORE, items.packet());
        assertThat(delivered(line)).containsExactly("1 4001", "1 4147 bound 100");
    }

    @Test
    void whereNothingWaitsForMarksThatAreOlderThanTheDatabase() {
        loaded(ItemKind.INVENTORY, marked(CARD, 2), stack(APPLE, 1));
        assertThat(delivered(cell.line())).containsExactly("2 4001", "1 512");
    }

    @Test
    void whileItsMapServerDoesNotKnowHeGivesNothingAway() {
        assertThat(mayGive(player)).isTrue();
        suite.mux.gave(player.account());
        suite.answersWhisper(cell);
        saves(ItemKind.INVENTORY, stack(CARD, 1));
        assertThat(mayGive(player)).isFalse();
        WhisperDelivery told = new WhisperDelivery(cell.line().last(CharToMap.WHISPER));
        assertThat(told.target()).isEqualTo(player.name());
        assertThat(told.text()).contains("4001");

        loaded(ItemKind.INVENTORY, marked(CARD, 1));
        assertThat(mayGive(player)).as("now it does").isTrue();
    }

    @Test
    void whatAnotherHasOfItSuddenlyIsMarkedInTurn() {
        Player taker = player(2);
        suite.plays(taker, FIELD, cell);
        SaveItems save = SaveItems.of(
                ItemKind.INVENTORY,
                taker.account(),
                taker.character(),
                new byte[LAYOUT.storage().size()]);
        fill(save.storage(LAYOUT), stack(CARD, 1));
        suite.from(cell, save.packet());
        suite.from(cell, suite.save(taker, FIELD.value(), 0));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("1 4001 bound 100");
        assertThat(suite.found)
                .singleElement()
                .satisfies(find -> assertThat(find.account()).isEqualTo(taker.account()));
    }

    @Test
    void ofWhatIsSavedTwiceInAGroupTheLastCounts() {
        loaded(ItemKind.STORAGE, stack(CARD, 1));
        savesItems(ItemKind.STORAGE, stack(CARD, 1));
        savesItems(ItemKind.STORAGE);
        saves(ItemKind.INVENTORY, stack(CARD, 1));
        assertThat(suite.found).isEmpty();
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("1 4001");
    }

    @Test
    void onTheReserveNothingIsMarked() {
        Cell reserve = suite.reserve();
        suite.mux.ownerChanged(FIELD, Epoch.of(2), ServerKey.RESERVE);
        Player other = player(3);
        suite.plays(other, FIELD, reserve);
        SaveItems save = SaveItems.of(
                ItemKind.INVENTORY,
                other.account(),
                other.character(),
                new byte[LAYOUT.storage().size()]);
        fill(save.storage(LAYOUT), stack(CARD, 1));
        suite.from(reserve, save.packet());
        suite.from(reserve, suite.save(other, FIELD.value(), 0));
        assertThat(stored(ItemKind.INVENTORY)).containsExactly("1 4001");
        assertThat(suite.found).isEmpty();
    }

    @Test
    void afterARestartHeHasWhatHeHad() {
        loaded(ItemKind.INVENTORY, stack(CARD, 2));
        saves(ItemKind.INVENTORY, stack(CARD, 3));
        SessionRow row = suite.rows.getLast();
        MuxUnderTest again = new MuxUnderTest(limits);
        again.mux.found(suite.found);
        again.mux.start(List.of(row), List.of());
        again.login();
        PlayerSession session = row.session(again.now);
        assertThat(session.rare).hasToString("1 4001:3:1;2;3");
        assertThat(again.mux.foundWaiting()).isOne();
        Cell back = again.connect(session.server, false, FIELD);
        SaveItems save = SaveItems.of(
                ItemKind.INVENTORY,
                player.account(),
                player.character(),
                new byte[LAYOUT.storage().size()]);
        fill(save.storage(LAYOUT), stack(CARD, 3));
        again.from(back, save.packet());
        again.from(back, again.save(player, FIELD.value(), 0));
        assertThat(again.found).isEmpty();
        assertThat(shown(new SaveItems(again.upstream.last(MapToChar.SAVE_ITEMS)).storage(LAYOUT)))
                .containsExactly("2 4001", "1 4001 bound 100");
    }

    @Test
    void whoPlayedBeforeItWasCountedKeepsWhatHeHas() {
        assertThat(RareStock.of(null).knows(1)).isFalse();
        assertThat(RareStock.of("").knows(1)).isTrue();
        assertThat(new RareStock()).hasToString("");
    }

    @Test
    void findsOfOneAccountAreBounded() {
        suite.mux.found(Collections.nCopies(Quarantine.MOST_WAITING, find(1)));
        suite.upstream.sent.clear();
        saves(ItemKind.INVENTORY, stack(CARD, 1));
        assertThat(suite.upstream.ids()).doesNotContain("308b", "2b01");
        assertThat(suite.violations).last().extracting(Violation::kind).isEqualTo(Violation.Kind.NOT_TAKEN);
        assertThat(suite.violations.getLast().what()).contains("rare items");
    }

    @Test
    void itemsOfAnotherBuildAreNotTaken() {
        suite.from(
                cell,
                SaveItems.of(ItemKind.INVENTORY, player.account(), player.character(), new byte[100])
                        .packet());
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        assertThat(suite.violations).last().extracting(Violation::kind).isEqualTo(Violation.Kind.MISSHAPEN);
    }

    @Test
    void ruleIsReadAndItsFaultsAreNamed() {
        RareItems rare = RareItems.of(List.of(" 4001-4003 ", "2357"));
        assertThat(List.of(4_000, 4_001, 4_003, 4_004, 2_357))
                .filteredOn(rare::has)
                .containsExactly(4_001, 4_003, 2_357);
        assertThatThrownBy(() -> RareItems.of(List.of("cards"))).hasMessageContaining("cards (expected: like 4001");
        assertThatThrownBy(() -> RareItems.of(List.of("9-3"))).hasMessageContaining("9-3");
    }

    @Test
    void withoutARuleNothingIsLookedAt() {
        MuxUnderTest plain = new MuxUnderTest().up();
        Cell host = plain.cell(FIELD, 1);
        plain.plays(player, FIELD, host);
        SaveItems save = SaveItems.of(
                ItemKind.INVENTORY,
                player.account(),
                player.character(),
                new byte[LAYOUT.storage().size()]);
        fill(save.storage(LAYOUT), stack(CARD, 1));
        plain.from(host, save.packet());
        plain.from(host, plain.save(player, FIELD.value(), 0));
        assertThat(shown(new SaveItems(plain.upstream.last(MapToChar.SAVE_ITEMS)).storage(LAYOUT)))
                .containsExactly("1 4001");
        assertThat(plain.rows.getLast().rare()).isNull();
        assertThat(plain.found).isEmpty();
    }
}
