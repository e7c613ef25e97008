package io.p2phost.ro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PacketTest {
    @Test
    void numbersAreLittleEndianAndAddressesAreNot() {
        Packet packet = Packet.fixed(0x2af8, 24)
                .u8(2, 0x1ff)
                .u16(3, 0x0102)
                .u32(5, 0xfffefdfcL)
                .i64(9, -2)
                .u16be(17, 0x1234)
                .i32be(19, 0x7f000001);

        assertThat(packet.bytes())
                .isEqualTo(HexFormat.of().parseHex("f82aff0201fcfdfefffeffffffffffffff12347f00000100"));
        assertThat(packet.u8(2)).isEqualTo(0xff);
        assertThat(packet.u16(3)).isEqualTo(0x0102);
        assertThat(packet.u32(5)).isEqualTo(0xfffefdfcL);
        assertThat(packet.i32(5)).isEqualTo(0xfffefdfc);
        assertThat(packet.i64(9)).isEqualTo(-2);
        assertThat(packet.u16be(17)).isEqualTo(0x1234);
        assertThat(packet.i32be(19)).isEqualTo(0x7f000001);
        assertThat(packet.u16(15)).isEqualTo(0xffff);
        assertThat(packet.i16(15)).isEqualTo(-1);
    }

    @Test
    void nothingIsReadOrWrittenOutside() {
        Packet packet = Packet.fixed(1, 6);
        assertThatThrownBy(() -> packet.u8(6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> packet.u32(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> packet.i64(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> packet.u16be(5, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> packet.slice(4, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> packet.slice(1, Integer.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> packet.text(2, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> packet.text(2, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void textEndsAtItsFirstNulAndFillsItsField() {
        Packet packet = Packet.of(HexFormat.of().parseHex("0100ffffffffffff"));
        packet.text(2, 5, "ab");
        assertThat(packet.bytes()).isEqualTo(HexFormat.of().parseHex("010061620000" + "00ff"));
        assertThat(packet.text(2, 5)).isEqualTo("ab");
        packet.text(2, 2, "cd");
        assertThat(packet.text(2, 2)).isEqualTo("cd");
        assertThatThrownBy(() -> packet.text(2, 2, "abc")).hasMessageContaining("at most 2 bytes");
    }

    @Test
    void everyByteIsACharacter() {
        Packet packet = Packet.fixed(1, 258);
        for (int i = 1; i < 256; i++) {
            packet.u8(1 + i, i);
        }
        String text = packet.text(2, 256);
        assertThat(text).hasSize(255);
        assertThat(Packet.fixed(1, 258).text(2, 256, text)).isEqualTo(packet);
    }

    @Test
    void aCopyUnderAnotherIdSharesNothing() {
        Packet packet = Packet.variable(0x3027, 20);
        Packet copy = packet.copyAs(0x3827);
        copy.u8(5, 9);
        assertThat(copy.id()).isEqualTo(0x3827);
        assertThat(packet.id()).isEqualTo(0x3027);
        assertThat(packet.u8(5)).isZero();
        assertThat(copy).hasToString("3827/20");
    }

    @Test
    void lengthsOutsideTheHeadersRangeAreRefused() {
        assertThatThrownBy(() -> Packet.variable(1, 3)).hasMessage("packet length: 3 (expected: 4..65535)");
        assertThatThrownBy(() -> Packet.variable(1, 0x10000)).hasMessageContaining("expected: 4..65535");
        assertThatThrownBy(() -> Packet.of(new byte[1])).hasMessageContaining("at least 2");
    }
}
