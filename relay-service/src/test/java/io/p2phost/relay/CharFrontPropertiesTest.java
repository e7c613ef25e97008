package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.relay.charfront.Place;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CharFrontPropertiesTest {
    private static CharFrontProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("p2p.relay.char-front", CharFrontProperties.class);
    }

    @Test
    void thereIsNoneUnlessAPortIsNamed() {
        CharFrontProperties properties = bind(Map.of());
        assertThat(properties.port()).isNull();
        assertThat(properties.places()).isEmpty();
    }

    @Test
    void frontsAndPacketsAreRead() {
        CharFrontProperties properties = bind(Map.of(
                "p2p.relay.char-front.port", "6121",
                "p2p.relay.char-front.char-server", "char:6121",
                "p2p.relay.char-front.fronts", "203.0.113.5:7000,127.0.0.1:7000",
                "p2p.relay.char-front.packets.0abc", "7"));
        assertThat(properties.places())
                .containsExactlyInAnyOrder(Place.parse("203.0.113.5:7000"), Place.parse("127.0.0.1:7000"));
        assertThat(properties.lengths()).isEqualTo(Map.of(0x0abc, 7));
    }

    @Test
    void everyFaultIsReportedAtOnce() {
        assertThatThrownBy(() -> bind(Map.of(
                        "p2p.relay.char-front.port", "65536",
                        "p2p.relay.char-front.char-server", "char",
                        "p2p.relay.char-front.fronts", "relay.example:7000",
                        "p2p.relay.char-front.packets.2af8", "60",
                        "p2p.relay.char-front.packets.0abc", "1")))
                .rootCause()
                .hasMessageContaining("p2p.relay.char-front.port: 65536 (expected: 0 to 65535)")
                .hasMessageContaining("p2p.relay.char-front.char-server: char (expected: host:port)")
                .hasMessageContaining("p2p.relay.char-front.fronts: relay.example:7000 (expected: an IPv4 address")
                .hasMessageContaining("p2p.relay.char-front.packets: 2af8 (expected: a client's packet")
                .hasMessageContaining("p2p.relay.char-front.packets.0abc: 1 (expected: 2 to 32767)");
    }
}
