package io.p2phost.ro.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildLayoutTest {
    private static final BuildLayout BUILD = BuildLayout.shipped(BuildLayout.LINUX_20200401);

    @ParameterizedTest
    @CsvSource({
        "linux-x86_64-20200401, 8856, 8832, 8848",
        "linux-x86_64-before-20190522, 8552, 8528, 8544",
    })
    void shippedLayoutsDifferInTheirTail(String name, int size, int counter, int slots) {
        BuildLayout build = BuildLayout.shipped(name);
        StructLayout character = build.character();
        assertThat(build.name()).isEqualTo(name);
        assertThat(build.mode()).isEqualTo("pre-renewal");
        assertThat(build.platform()).isEqualTo("linux-x86_64");
        assertThat(character.size()).isEqualTo(size);
        assertThat(character.field("uniqueitem_counter").offset()).isEqualTo(counter);
        assertThat(character.field("inventory_slots").offset()).isEqualTo(slots);
        assertThat(character.field("sex").offset()).isEqualTo(229);
        assertThat(character.array("last_point").offset()).isEqualTo(238);
        assertThat(character.array("friends").end()).isEqualTo(8188);
        assertThat(build.storage().size()).isEqualTo(46_224);
        assertThat(build.storage().array("items").of().size()).isEqualTo(77);
        assertThat(build.statusChange().size()).isEqualTo(48);
        assertThat(build.cooldown().size()).isEqualTo(16);
        assertThat(build.bonusScript().size()).isEqualTo(528);
    }

    @Test
    void unknownLayoutsAreNamed() {
        assertThatThrownBy(() -> BuildLayout.shipped("windows"))
                .hasMessage("layout: windows (expected: linux-x86_64-20200401 or linux-x86_64-before-20190522)");
        assertThatThrownBy(() -> BUILD.struct("none")).hasMessage("linux-x86_64-20200401: no structure none");
        assertThatThrownBy(() -> BUILD.character().field("none")).hasMessage("mmo_charstatus: no field none");
        assertThatThrownBy(() -> BUILD.character().array("none")).hasMessage("mmo_charstatus: no structures none");
    }

    @Test
    void anOperatorsFileIsReadAsTheShippedOne(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("layout.json");
        Files.writeString(file, json());
        assertThat(BuildLayout.read(file)).isEqualTo(BUILD);
    }

    @Test
    void everyFaultIsReportedAtOnce() throws IOException {
        String bad = json().replace("\"schema\": 1", "\"schema\": 2")
                .replace(
                        "\"zeny\": {\"offset\": 40, \"type\": \"i32\"}",
                        "\"zeny\": {\"offset\": 40, \"type\": \"i33\"}")
                .replace("\"karma\": {\"offset\": 90,", "\"karma\": {\"offset\": 89,")
                .replace("\"inventory_slots\": {\"offset\": 8848,", "\"inventory_slots\": {\"offset\": 8855,")
                .replace("\"base_exp\"", "\"base_experience\"")
                .replace(
                        "\"name\": {\"offset\": 169, \"type\": \"text24\"}",
                        "\"name\": {\"offset\": 169, \"type\": \"bytes24\"}")
                .replace("\"of\": \"hotkey\"", "\"of\": \"hotkeys\"")
                .replace(
                        "\"friends\": {\"offset\": 6908, \"of\": \"s_friend\"",
                        "\"friends\": {\"offset\": 6908, \"of\": \"mmo_charstatus\"")
                .replace("\"packetver\": 20200401", "\"packetver\": \"new\"");
        assertThatThrownBy(() -> LayoutReader.read("layout.json", bad))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(String.valueOf(e.getMessage()).split("\n"))
                        .contains(
                                "layout.json: packetver: \"new\" (expected: 0..99999999)",
                                "layout.json: schema: 2 (expected: 1)",
                                "layout.json: structs.hotkeys: missing (expected: a structure)",
                                "layout.json: structs.mmo_charstatus: inside itself (expected: a structure)",
                                "layout.json: structs.mmo_charstatus.fields.base_exp (expected: a number)",
                                "layout.json: structs.mmo_charstatus.fields.inventory_slots: 8855..8857 (expected: inside"
                                        + " 8856 bytes)",
                                "layout.json: structs.mmo_charstatus.fields.karma: 89..90 (expected: behind"
                                        + " structs.mmo_charstatus.fields.manner, which ends at 90)",
                                "layout.json: structs.mmo_charstatus.fields.name (expected: textN)",
                                "layout.json: structs.mmo_charstatus.fields.zeny (expected: a number)",
                                "layout.json: structs.mmo_charstatus.fields.zeny.type: \"i33\" (expected: u8 u16 i16 u32 i32"
                                        + " i64 u16be ip32be mapname16 textN bytesN)"));
    }

    @Test
    void whatIsNoLayoutIsRefused(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> LayoutReader.read("l.json", "{"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("l.json: ");
        assertThatThrownBy(() -> LayoutReader.read("l.json", "{\"schema\": 1, \"schema\": 1}"))
                .hasMessageStartingWith("l.json: Duplicate");
        assertThatThrownBy(() -> LayoutReader.read("l.json", "[]"))
                .hasMessageContaining("l.json: structs.mmo_charstatus.fields.char_id (expected: a number)")
                .hasMessageContaining("l.json: name: missing");
        Path file = folder.resolve("large.json");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> BuildLayout.read(file)).hasMessageEndingWith("1048577 bytes (expected: at most 1 MB)");
    }

    @Test
    void everyNumberOfACharacterCanBeSetAlone() {
        StructLayout layout = BUILD.character();
        for (Field field : layout.fields().values()) {
            if (field.name().equals("name")) {
                continue;
            }
            Packet packet = Packet.of(new byte[16 + layout.size()]);
            new CharStatus(packet, 13, layout).set(field.name(), 0x7f);
            assertThat(new CharStatus(packet, 13, layout).get(field.name())).isEqualTo(0x7f);
            List<String> others = new ArrayList<>();
            for (Field other : layout.fields().values()) {
                if (!other.name().equals("name") && new CharStatus(packet, 13, layout).get(other.name()) != 0) {
                    others.add(other.name());
                }
            }
            assertThat(others).containsExactly(field.name());
        }
    }

    @Test
    void aCharactersPlaceAndNameAreWritten() {
        StructLayout layout = BUILD.character();
        Packet packet = Packet.of(new byte[13 + layout.size()]);
        CharStatus status = new CharStatus(packet, 13, layout)
                .lastPoint(new MapPoint("prt_fild08", 1, 2))
                .savePoint(new MapPoint("prontera", 3, 4))
                .name("One");
        assertThat(status.lastPoint()).isEqualTo(new MapPoint("prt_fild08", 1, 2));
        assertThat(status.savePoint()).isEqualTo(new MapPoint("prontera", 3, 4));
        assertThat(status.name()).isEqualTo("One");
        packet.u16(13 + 344 + 4, 5).u8(13 + 344 + 6, 10);
        assertThat(status.skills()).isEqualTo(1641);
        assertThat(status.skillId(1)).isEqualTo(5);
        assertThat(status.skillLevel(1)).isEqualTo(10);
        assertThatThrownBy(() -> status.memoPoint(3)).isInstanceOf(IndexOutOfBoundsException.class);
        Packet other = Packet.of(new byte[13 + layout.size()]);
        assertThat(new CharStatus(other, 13, layout).bytes(status.bytes()).name())
                .isEqualTo("One");
        assertThatThrownBy(() -> status.bytes(new byte[3])).hasMessage("mmo_charstatus: 3 bytes (expected: 8856)");
    }

    @Test
    void itemsAreWrittenInPlace() {
        StructLayout layout = BUILD.storage();
        Packet packet = Packet.of(new byte[10 + layout.size()]);
        Storage storage = new Storage(packet, 10, layout).amount(7);
        Item item = storage.item(599)
                .set("nameid", 501)
                .set("amount", 3)
                .set("card2", 4001)
                .set("unique_id", -1);
        assertThat(storage.amount()).isEqualTo(7);
        assertThat(storage.items()).containsExactly(item);
        assertThat(item.itemId()).isEqualTo(501);
        assertThat(item.amount()).isEqualTo(3);
        assertThat(item.card(2)).isEqualTo(4001);
        assertThat(item.uniqueId()).isEqualTo(-1);
        assertThat(item.refine() + item.grade() + item.bound()).isZero();
        assertThat(item.equip()).isZero();
        assertThat(item.bytes()).hasSize(77);
        assertThat(storage.bytes()).hasSize(46_224);
        assertThatThrownBy(() -> storage.item(600)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> item.card(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "prontera, true",
        "1@cata, true",
        "0001#000123, true",
        "a_name_of_12, false",
        "'', false",
        "Prontera, false",
        "a'b, false",
        "prontera.gat, false",
    })
    void mapNamesAreThoseTheServersCanTake(String name, boolean valid) {
        assertThat(MapPoint.isMapName(name)).isEqualTo(valid);
    }

    private static String json() throws IOException {
        try (InputStream in = BuildLayout.class.getResourceAsStream("linux-x86_64-20200401.json")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
