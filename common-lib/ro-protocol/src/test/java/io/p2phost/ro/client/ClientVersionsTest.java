package io.p2phost.ro.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.ro.PacketBook;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.PacketLengths;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientVersionsTest {
    private static final PacketLengths BUILT_IN = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);

    @Test
    void theBuiltInTableIsWhole() {
        assertThat(BUILT_IN.ids()).hasSize(1536).startsWith(0x64, 0x65).contains(0x0b18);
        assertThat(BUILT_IN.of(0x0436)).isEqualTo(19);
        assertThat(BUILT_IN.of(0x0ac7)).isEqualTo(156);
        assertThat(BUILT_IN.of(0x09fd)).isEqualTo(PacketLengths.VARIABLE);
        assertThat(BUILT_IN.of(0x0001)).isEqualTo(PacketLengths.UNKNOWN);
        assertThat(BUILT_IN).hasToString("client 20200401");
    }

    static Stream<PacketBook> books() {
        return Stream.of(ClientPackets.CLIENT_TO_MAP, ClientPackets.MAP_TO_CLIENT, ClientPackets.CHAR_TO_CLIENT);
    }

    @ParameterizedTest
    @MethodSource("books")
    void describedPacketsHaveTheLengthOfTheTable(PacketBook book) {
        assertThat(book.packets()).isNotEmpty().allMatch(packet -> BUILT_IN.of(packet.id()) == packet.length());
    }

    static Stream<Arguments> constants() {
        return Stream.of(
                Arguments.of(ClientToMap.class, ClientPackets.CLIENT_TO_MAP),
                Arguments.of(MapToClient.class, ClientPackets.MAP_TO_CLIENT));
    }

    @ParameterizedTest
    @MethodSource("constants")
    void everyDescribedPacketHasItsConstant(Class<?> constants, PacketBook book) throws IllegalAccessException {
        Map<String, Integer> inFile = new TreeMap<>();
        for (PacketLayout packet : book.packets()) {
            inFile.put(packet.name().replace('-', '_').toUpperCase(Locale.ROOT), packet.id());
        }
        Map<String, Integer> inClass = new TreeMap<>();
        for (Field field : constants.getFields()) {
            inClass.put(field.getName(), field.getInt(null));
        }
        assertThat(inClass).isEqualTo(inFile);
    }

    @Test
    void recvpacketsOfAnyVersionAreImported(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("recvpackets.txt");
        Files.write(
                file,
                "\uFEFF# a comment\r\n0064 55\r\n0x0069 -1\r\n\r\n006B 0 // variable too\r\n0B1D\t2 2 0 some_name\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        ClientVersions versions = ClientVersions.builtIn().with(20180620, file);

        PacketLengths lengths = versions.lengths(20180620);
        assertThat(lengths.ids()).containsExactly(0x64, 0x69, 0x6b, 0xb1d);
        assertThat(lengths.of(0x64)).isEqualTo(55);
        assertThat(lengths.of(0x69)).isEqualTo(PacketLengths.VARIABLE);
        assertThat(lengths.of(0x6b)).isEqualTo(PacketLengths.VARIABLE);
        assertThat(lengths.of(0xb1d)).isEqualTo(2);
        assertThat(versions.versions()).containsExactly(20180620, 20200401);
        assertThat(ClientVersions.builtIn().versions()).containsExactly(20200401);
    }

    @Test
    void everyFaultOfAFileIsReported() {
        String bad = "0064 55\nzz 4\n0065\n0066 1\n0067 many\n0064 56\n0064 55\n12345 4\n0068 32768\n";
        assertThatThrownBy(() -> ClientVersions.builtIn().with(20180620, "recv.txt", bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("""
                        recv.txt:2: zz (expected: a packet id of 1 to 4 hex digits)
                        recv.txt:3: 0065 (expected: id and length)
                        recv.txt:4: 1 (expected: a length from 2 to 32767, or -1)
                        recv.txt:5: many (expected: a length from 2 to 32767, or -1)
                        recv.txt:6: 0064 56 (expected: one length a packet, it had 55)
                        recv.txt:7: 0064 55 (expected: one length a packet, it had 56)
                        recv.txt:8: 12345 (expected: a packet id of 1 to 4 hex digits)
                        recv.txt:9: 32768 (expected: a length from 2 to 32767, or -1)""");
        assertThatThrownBy(() -> ClientVersions.builtIn().with(20180620, "recv.txt", "# nothing\n"))
                .hasMessage("recv.txt: no packet (expected: id and length, one packet a line)");
        assertThatThrownBy(() -> ClientVersions.builtIn().with(7, "recv.txt", "0064 55\n"))
                .hasMessage("client version: 7 (expected: a date such as 20200401)");
    }

    @Test
    void rowsEndWithTheLastId() {
        assertThat(LengthFile.rows("r", "f", "fffe 2 3").ids()).containsExactly(0xfffe, 0xffff);
        assertThatThrownBy(() -> LengthFile.rows("r", "f", "fffe 2 3 4")).hasMessageStartingWith("f:1: fffe");
    }

    @Test
    void anUnknownVersionSaysHowToAddIt() {
        assertThatThrownBy(() -> ClientVersions.builtIn().lengths(20180620))
                .hasMessage(
                        "client version: 20180620 (expected: one of [20200401], or a recvpackets.txt of that version)");
    }
}
