package io.p2phost.dbproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveItems;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JournaledSavesTest {
    private static final int ACCOUNT = 2_000_001;
    private static final int ALICE = 150_001;
    private static final int BOB = 150_002;

    private final JournaledSaves journal = new JournaledSaves();

    @AfterEach
    void close() {
        journal.close();
    }

    private static SavedGroup group(int character, Packet... packets) {
        return SavedGroup.of(
                ACCOUNT,
                character,
                Arrays.stream(packets)
                        .map(packet -> Compressed.of(packet.bytes()))
                        .toList());
    }

    private static Packet record(int state) {
        return Packet.variable(MapToChar.SAVE_CHARACTER, 9_000).u32(2_000, state);
    }

    private static Packet items(ItemKind kind, int state) {
        return SaveItems.of(kind, ACCOUNT, ALICE, new byte[100]).packet().u32(50, state);
    }

    private static Packet variables(int state) {
        return Packet.variable(MapToChar.SAVE_VARIABLES, 40).u32(20, state);
    }

    private static Packet quests(int state) {
        return Packet.variable(MapToChar.SAVE_QUESTS, 40).u32(20, state);
    }

    private List<List<Packet>> merged(int character) {
        return journal.merged().stream()
                .filter(group -> group.character() == character)
                .map(SavedGroup::packets)
                .toList();
    }

    private static byte[][] bytes(List<Packet> packets) {
        return packets.stream().map(Packet::bytes).toArray(byte[][]::new);
    }

    @Test
    void whatReplacesAnOlderStateIsLeftOnceAndVariablesAll() {
        ItemKind cart = ItemKind.CART;
        journal.add(group(ALICE, items(ItemKind.INVENTORY, 1), items(cart, 2), variables(3), record(4)));
        journal.add(group(ALICE, quests(5)));
        journal.add(group(BOB, record(6)));
        journal.add(group(ALICE, items(ItemKind.INVENTORY, 7), variables(8), record(9)));
        journal.add(group(ALICE, quests(10)));

        assertThat(journal.entries()).isEqualTo(5);
        assertThat(merged(ALICE)).hasSize(2);
        assertThat(bytes(merged(ALICE).getFirst()))
                .isDeepEqualTo(bytes(
                        List.of(items(ItemKind.INVENTORY, 7), items(cart, 2), variables(3), variables(8), record(9))));
        assertThat(bytes(merged(ALICE).getLast())).isDeepEqualTo(bytes(List.of(quests(10))));
        assertThat(merged(BOB)).hasSize(1);
    }

    @Test
    void damagedEntryIsRefused() {
        SavedGroup whole = group(ALICE, record(1));
        byte[] half = Arrays.copyOf(whole.body(), whole.body().length / 2);

        assertThatThrownBy(() -> journal.add(new SavedGroup(ACCOUNT, ALICE, half)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("damaged");
    }
}
