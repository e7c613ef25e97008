package io.p2phost.assignment.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
    @ParameterizedTest
    @CsvSource({
        "moc_fild*, moc_fild01, true",
        "moc_fild*, moc_fild, true",
        "moc_fild*, amoc_fild1, false",
        "mjolnir_??, mjolnir_01, true",
        "mjolnir_??, mjolnir_1, false",
        "*_dun0?, pay_dun01, true",
        "*a*b*c, xxaxxbxxc, true",
        "*a*b*c, xxaxxcxxb, false",
        "*, anything, true",
        "exact, exact, true",
        "exact, exactly, false"
    })
    void coversAsWritten(String pattern, String name, boolean covers) {
        assertThat(new NamePattern(pattern).covers(name)).isEqualTo(covers);
    }

    @Property
    boolean agreesWithARegularExpression(
            @ForAll @Chars({'a', 'b', '*', '?'}) @StringLength(min = 1, max = 8) String pattern,
            @ForAll @Chars({'a', 'b'}) @StringLength(max = 8) String name) {
        String regex = pattern.replace("?", ".").replace("*", ".*");
        return new NamePattern(pattern).covers(name) == name.matches(regex);
    }

    @Property
    boolean aNameCoversItself(@ForAll @AlphaChars @StringLength(min = 1, max = 24) String name) {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        return new NamePattern(lower).covers(lower) && new NamePattern(lower).isName();
    }

    @Test
    void illegalPatternIsRefusedWithWhatIsExpected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamePattern("A b"))
                .withMessageContaining("expected: 1 to 24 of a-z 0-9 _ @ # - * ?");
    }
}
