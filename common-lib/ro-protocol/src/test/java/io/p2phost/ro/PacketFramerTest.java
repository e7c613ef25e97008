package io.p2phost.ro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PacketFramerTest {
    private static final PacketLengths LENGTHS =
            new PacketLengths("test", Map.of(0x0001, 2, 0x0002, 5, 0x0003, -1, 0x0004, -1), Map.of(0x0004, 8));

    private final List<Packet> packets = new ArrayList<>();
    private final PacketFramer framer = new PacketFramer(LENGTHS, 100);

    @Test
    void unknownIdEndsTheStreamForGood() {
        assertThatThrownBy(() -> feed("0100 0900"))
                .isInstanceOf(FramingException.class)
                .hasMessage("test: packet 0009 is unknown");
        assertThat(packets).hasSize(1);
        assertThatThrownBy(() -> feed("0100")).isInstanceOf(FramingException.class);
        assertThat(packets).hasSize(1);
    }

    @Test
    void lengthBelowTheHeaderIsRefused() {
        assertThatThrownBy(() -> feed("0300 0300"))
                .isInstanceOf(FramingException.class)
                .hasMessage("test: packet 0003: length 3 (expected: at least 4)");
    }

    @Test
    void lengthBelowThePacketsFieldsIsRefused() {
        assertThatThrownBy(() -> feed("0400 0700"))
                .isInstanceOf(FramingException.class)
                .hasMessage("test: packet 0004: length 7 (expected: at least 8)");
    }

    @Test
    void lengthAboveTheBoundIsRefusedBeforeTheRestIsAwaited() {
        assertThatThrownBy(() -> feed("0300 6500"))
                .isInstanceOf(FramingException.class)
                .hasMessage("test: packet 0003: length 101 (expected: at most 100)");
        assertThat(new PacketFramer(LENGTHS, 100).held()).isZero();
    }

    @Test
    void lengthIsUnsigned() {
        PacketFramer wide = new PacketFramer(LENGTHS, Packet.LONGEST);
        byte[] longest = Packet.variable(3, Packet.LONGEST).bytes();

        wide.feed(longest, 0, 4, packets::add);
        wide.feed(longest, 4, longest.length - 4, packets::add);

        assertThat(packets).containsExactly(Packet.of(longest));
    }

    @Test
    void holdsOnlyTheBeginningOfThePacketThatIsNotWhole() {
        feed("0100 0200 aaaa");
        assertThat(framer.held()).isEqualTo(4);
        feed("aa 01");
        assertThat(framer.held()).isEqualTo(1);
        feed("00");
        assertThat(framer.held()).isZero();
        assertThat(packets).extracting(Packet::id).containsExactly(1, 2, 1);
    }

    @Test
    void packetsHaveBytesOfTheirOwn() {
        byte[] bytes = HexFormat.of().parseHex("0200aabbcc");
        framer.feed(bytes, 0, 5, packets::add);
        bytes[2] = 0;
        assertThat(packets.getFirst().u8(2)).isEqualTo(0xaa);
    }

    @Test
    void streamEndsWhenItsReaderFails() {
        byte[] two = HexFormat.of().parseHex("01000100");
        assertThatThrownBy(() -> framer.feed(two, 0, 4, packet -> {
                    throw new IllegalStateException("reader");
                }))
                .hasMessage("reader");
        assertThatThrownBy(() -> feed("0100")).hasMessage("test: stream is broken");
    }

    @Test
    void readerCannotFeedFromInside() {
        byte[] two = HexFormat.of().parseHex("01000100");
        assertThatThrownBy(() -> framer.feed(two, 0, 4, packet -> feed("0100"))).isInstanceOf(FramingException.class);
    }

    @Test
    void boundIsOnePacketsLength() {
        assertThatThrownBy(() -> new PacketFramer(LENGTHS, 0x10000)).hasMessageContaining("expected: 4..65535");
        assertThatThrownBy(() -> new PacketFramer(LENGTHS, 3)).hasMessageContaining("expected: 4..65535");
    }

    private void feed(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        framer.feed(bytes, 0, bytes.length, packets::add);
    }
}
