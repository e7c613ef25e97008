package io.p2phost.relay.charfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
    @Test
    void isReadAndSaid() {
        assertThat(Place.parse(" 203.0.113.200:7000 "))
                .isEqualTo(new Place(0xcb0071c8, 7000))
                .hasToString("203.0.113.200:7000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "relay.example:7000",
                "203.0.113.5",
                "203.0.113.5:0",
                "203.0.113.5:65536",
                "203.0.113.256:1",
                "203.0.113.5:7000:1"
            })
    void elseItIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Place.parse(text)).withMessageContaining("expected:");
    }
}
