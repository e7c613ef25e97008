package io.p2phost.ro.inter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class VariablesTest {
    @Test
    void haveOneFormOnTheWire() {
        assertThat(SaveVariables.of(
                                1,
                                2,
                                List.of(
                                        Variable.number("a", 3, -2),
                                        Variable.text("b$", 0, "x"),
                                        new Variable("c", 0, Variable.Kind.NO_TEXT, 0, "")))
                        .packet()
                        .bytes())
                .isEqualTo(HexFormat.of()
                        .parseHex("0430" + "3200" + "01000000" + "02000000" + "0300" + "02610003000000"
                                + "00feffffffffffffff" + "0362240000000000" + "02027800" + "02630000000000" + "03"));
        assertThat(VariablesLoaded.of(1, 2, VariablesLoaded.ACCOUNT, false, List.of(Variable.number("a", 3, 1)))
                        .packet()
                        .bytes())
                .isEqualTo(HexFormat.of()
                        .parseHex("0438" + "1f00" + "01000000" + "02000000" + "02" + "00" + "0100" + "02610003000000"
                                + "0100000000000000"));
    }

    @Test
    void thatGoOnBehindTheirPacketAreRefused() {
        Packet packet =
                SaveVariables.of(1, 2, List.of(Variable.number("a", 0, 1))).packet();
        assertThatThrownBy(() -> new SaveVariables(packet.copy().u16(12, 2)).variables())
                .isInstanceOf(FramingException.class)
                .hasMessageEndingWith("variables go on behind its end");
        assertThatThrownBy(() -> new SaveVariables(packet.copy().u16(12, 0)).variables())
                .isInstanceOf(FramingException.class)
                .hasMessageEndingWith("0 variables end at 14");
        assertThatThrownBy(() -> new SaveVariables(packet.copy().u8(21, 4)).variables())
                .isInstanceOf(FramingException.class)
                .hasMessageEndingWith("variable of kind 4 (expected: 0..3)");
    }

    @Test
    void thatDoNotFitAreNotWritten() {
        Variable text = Variable.text("a", 0, "x".repeat(254));
        assertThatThrownBy(() -> SaveVariables.of(1, 2, Collections.nCopies(300, text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 65535");
        assertThatThrownBy(() -> Variable.text("a", 0, "x".repeat(255))).hasMessageContaining("under 255");
        assertThatThrownBy(() -> Variable.number("", 0, 1)).hasMessageContaining("a name");
        assertThatThrownBy(() -> VariablesLoaded.of(1, 2, 3, false, List.of(text)))
                .hasMessage("a: TEXT");
    }
}
