package io.p2phost.ro.inter;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.PacketBook;
import io.p2phost.ro.PacketLayout;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InterPacketsTest {
    static Stream<Arguments> constants() {
        return Stream.of(
                Arguments.of(MapToChar.class, InterPackets.MAP_TO_CHAR, 111),
                Arguments.of(CharToMap.class, InterPackets.CHAR_TO_MAP, 101));
    }

    @ParameterizedTest
    @MethodSource("constants")
    void everyPacketHasItsConstantAndEveryConstantItsPacket(Class<?> constants, PacketBook book, int packets)
            throws IllegalAccessException {
        Map<String, Integer> inFile = new TreeMap<>();
        for (PacketLayout packet : book.packets()) {
            if (!packet.name().startsWith("unused-")) {
                inFile.put(packet.name().replace('-', '_').toUpperCase(Locale.ROOT), packet.id());
            }
        }
        Map<String, Integer> inClass = new TreeMap<>();
        for (Field field : constants.getFields()) {
            inClass.put(field.getName(), field.getInt(null));
        }
        assertThat(inClass).isEqualTo(inFile);
        assertThat(book.packets()).hasSize(packets);
    }

    @Test
    void noIdHasTwoMeanings() {
        assertThat(InterPackets.MAP_TO_CHAR.packets())
                .noneMatch(packet -> InterPackets.CHAR_TO_MAP.packetOrNull(packet.id()) != null);
    }

    @Test
    void everythingLongerThanItsIdIsDescribed() {
        assertThat(Stream.of(InterPackets.MAP_TO_CHAR, InterPackets.CHAR_TO_MAP)
                        .flatMap(book -> book.packets().stream())
                        .filter(packet -> packet.length() != 2 && !packet.name().startsWith("unused-")))
                .allMatch(packet -> !packet.fields().isEmpty() || packet.entries() != null);
    }
}
