package io.p2phost.ro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PacketBookTest {
    private static final String FILE = """
            # comment
            up 0001 10 fixed-one id:u32@2 port:u16be@6
              flag:u8@8

            up 0002 var listed count:u16@4 things@6*6[number:u32@0 small:u8@4]
            up 0003 var built owner:u32@4 record@8=structure
            up 0004 var short-or-long owner:u32@4 more:text8@8? rest:bytes*@16?
            down 0001 var other text:text*@4
            """;

    private final PacketBook book = PacketBook.parse("f.txt", FILE, "up");

    @Test
    void readsOneDirection() {
        assertThat(book.packets())
                .extracting(PacketLayout::name)
                .containsExactly("fixed-one", "listed", "built", "short-or-long");
        assertThat(book.packet(1).field("flag")).hasToString("flag:u8@8");
        assertThat(PacketBook.parse("f.txt", FILE, "down").packet(1).field("text"))
                .hasToString("text:text*@4");
    }

    @Test
    void knowsTheFewestBytesOfEachPacket() {
        assertThat(book.packets()).extracting(PacketLayout::least).containsExactly(10, 6, 8, 8);
        PacketLengths lengths = book.lengths();
        assertThat(lengths.of(1)).isEqualTo(10);
        assertThat(lengths.leastOf(1)).isEqualTo(10);
        assertThat(lengths.of(2)).isEqualTo(PacketLengths.VARIABLE);
        assertThat(lengths.leastOf(2)).isEqualTo(6);
        assertThat(lengths.of(9)).isEqualTo(PacketLengths.UNKNOWN);
        assertThat(lengths.ids()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void createsAndChecksLists() {
        PacketLayout listed = book.packet(2);
        Packet packet = listed.createList(2);
        Entries things = listed.list();
        things.field("number").set(packet, things.base(1), 7);

        listed.check(packet);
        assertThat(things.count(packet)).isEqualTo(2);
        assertThat(things.field("number").number(packet, things.base(1))).isEqualTo(7);

        Packet lying = packet.copy().u16(4, 3);
        assertThatThrownBy(() -> listed.check(lying))
                .isInstanceOf(FramingException.class)
                .hasMessage("0002/18, count 3 (expected: entries of 6 from 6)");
        assertThatThrownBy(() -> listed.check(listed.create(17)))
                .isInstanceOf(FramingException.class)
                .hasMessageStartingWith("0002/17");
    }

    @Test
    void checksIdAndLength() {
        assertThatThrownBy(() -> book.packet(1).check(Packet.fixed(1, 9)))
                .isInstanceOf(FramingException.class)
                .hasMessage("0001/9 (expected: 0001, 10 bytes)");
        assertThatThrownBy(() -> book.packet(1).check(Packet.fixed(5, 10)))
                .isInstanceOf(FramingException.class)
                .hasMessage("0005/10 (expected: 0001, 10 bytes)");
        assertThatThrownBy(() -> book.packet(4).check(Packet.variable(4, 7)))
                .hasMessage("0004/7 (expected: 0004, 8 bytes or more)");
        // The length inside must be the length there is: a view of a longer array would go past its packet.
        assertThatThrownBy(() -> book.packet(4).check(Packet.variable(4, 12).u16(2, 11)))
                .isInstanceOf(FramingException.class);
        book.packet(4).check(Packet.variable(4, 8));
    }

    @Test
    void aStructureFillsItsPacketExactly() {
        PacketLayout built = book.packet(3);
        built.checkList(Packet.variable(3, 18), 10);
        assertThatThrownBy(() -> built.checkList(Packet.variable(3, 28), 10)).isInstanceOf(FramingException.class);
        assertThatThrownBy(() -> built.checkList(Packet.variable(3, 8), 10)).isInstanceOf(FramingException.class);
    }

    @Test
    void fieldsThatAreNotThereAreNamed() {
        assertThatThrownBy(() -> book.packet(1).field("none")).hasMessageStartingWith("fixed-one: no field none");
        assertThatThrownBy(() -> book.packet(1).list()).hasMessage("fixed-one: has no list");
        assertThatThrownBy(() -> book.packet(7)).hasMessage("up: packet 0007 is unknown");
    }

    @Test
    void fieldsKeepTheirType() {
        Packet packet = book.packet(1).create();
        assertThatThrownBy(() -> book.packet(1).field("id").text(packet)).hasMessage("id: is u32, not a text");
        Field text = Field.of("t", "text4", 2);
        assertThatThrownBy(() -> text.number(packet)).hasMessage("t: is text, not a number");
        assertThatThrownBy(() -> text.set(packet, "abcd")).hasMessage("t: 4 characters (expected: at most 3)");
        assertThatThrownBy(() -> Field.of("b", "bytes4", 2).set(packet, new byte[3]))
                .hasMessage("b: 3 bytes (expected: 4)");
    }

    @Test
    void everyFaultOfAFileIsReported() {
        String bad = """
                up 1 10 short-id
                up 0002 10 outside a:u32@8
                up 0003 10 over a:u32@2 b:u16@4
                up 0004 10 type a:u24@2
                up 0005 10 list-in-fixed x@4*2[a:u8@0]
                up 0006 var size x@4*2[a:u32@0]
                up 0007 var tail x@4*2[a:u8@0] b:u8@3
                up 0008 4 twice
                up 0008 4 twice
                other 0009 4 bad-field nonsense
                """;
        assertThatThrownBy(() -> PacketBook.parse("f.txt", bad, "up"))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(
                        e -> assertThat(List.of(String.valueOf(e.getMessage()).split("\n")))
                                .extracting(line -> line.replaceFirst(" \\(expected: .+\\)$", ""))
                                .containsExactly(
                                        "f.txt:1: up 1 10 short-id",
                                        "f.txt:2: a:u32@8",
                                        "f.txt:3: b:u16@4",
                                        "f.txt:4: a:u24@2",
                                        "f.txt:5: x",
                                        "f.txt:6: x@4*2[a:u32@0]",
                                        "f.txt:7: b:u8@3",
                                        "f.txt:9: 0008",
                                        "f.txt:10: nonsense"));
    }
}
