package io.p2phost.ro.inter;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any variables, and any bytes in their place. */
class VariablePropertiesTest {
    @Provide
    Arbitrary<List<Variable>> changes() {
        Arbitrary<String> names =
                Arbitraries.strings().withCharRange('!', 'z').ofMinLength(1).ofMaxLength(32);
        Arbitrary<String> texts =
                Arbitraries.strings().withCharRange(' ', '\u00ff').ofMaxLength(254);
        Arbitrary<Long> indexes = Arbitraries.longs().between(0, 0xffff_ffffL);
        return Arbitraries.oneOf(
                        Combinators.combine(names, indexes, Arbitraries.longs()).as(Variable::number),
                        Combinators.combine(names, indexes, texts).as(Variable::text),
                        Combinators.combine(
                                        names, indexes, Arbitraries.of(Variable.Kind.NO_NUMBER, Variable.Kind.NO_TEXT))
                                .as((name, index, kind) -> new Variable(name, index, kind, 0, "")))
                .list()
                .ofMaxSize(50);
    }

    @Property(tries = 300)
    void comeBackAsTheyWere(@ForAll("changes") List<Variable> changes) {
        SaveVariables save = SaveVariables.of(1, 2, changes);
        assertThat(save.variables()).isEqualTo(changes);
        assertThat(save.accountId()).isEqualTo(1);
        assertThat(save.charId()).isEqualTo(2);
    }

    @Property(tries = 1000)
    void anyBytesAreVariablesOrRefused(@ForAll byte[] bytes, @ForAll boolean textual) {
        Packet save = Packet.variable(MapToChar.SAVE_VARIABLES, 14 + bytes.length)
                .bytes(14, bytes)
                .u16(12, 3);
        Packet loaded = Packet.variable(CharToMap.VARIABLES, 16 + bytes.length)
                .bytes(16, bytes)
                .u16(14, 3)
                .u8(13, textual ? 1 : 0);
        try {
            assertThat(new SaveVariables(save).variables()).hasSize(3);
            assertThat(new VariablesLoaded(loaded).variables()).hasSize(3);
        } catch (FramingException e) {
            assertThat(e).hasMessageStartingWith("3");
        }
    }
}
