package io.p2phost.ro.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.ro.Packet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientIdsTest {
    @Test
    void shuffledIdsAreReadAndWrittenAndWhatTheyDisplaceIsNothing() {
        ClientIds ids = ClientIds.of(Map.of("enter", "0x0941", "time-request", "0436"));

        assertThat(ids.own(ClientToMap.ENTER)).isEqualTo(0x0941);
        assertThat(ids.standard(0x0941)).isEqualTo(ClientToMap.ENTER);
        assertThat(ids.standard(0x0436)).as("an id that changed hands").isEqualTo(ClientToMap.TIME_REQUEST);
        assertThat(ids.standard(ClientToMap.TIME_REQUEST)).as("nobody's now").isZero();
        assertThat(ids.standard(ClientToMap.MAP_LOADED)).isEqualTo(ClientToMap.MAP_LOADED);

        Packet enter = Enter.of(1, 2, 3, 4, 0).packet();
        assertThat(ids.own(enter).id()).isEqualTo(0x0941);
        assertThat(enter.id()).as("left as it was").isEqualTo(ClientToMap.ENTER);
        assertThat(ClientIds.STANDARD.own(enter)).isSameAs(enter);
    }

    @ParameterizedTest
    @CsvSource({"entre, 0941, one of", "enter, 94100, hex digits", "enter, zz, hex digits", "enter, 0, hex digits"})
    void wrongOnesAreRefused(String name, String id, String expected) {
        assertThatThrownBy(() -> ClientIds.of(Map.of(name, id)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(expected);
    }

    @Test
    void twoPacketsCannotHaveOneId() {
        assertThatThrownBy(() -> ClientIds.of(Map.of("enter", "0941", "say", "0941")))
                .hasMessageContaining("an id of its own");
    }
}
