package io.p2phost.relay.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.relay.player.Players;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhoisTest {
    private final Whois whois =
            new Whois(new Players(System::nanoTime), new SourceAddresses(new byte[SourceAddresses.KEY_BYTES]));

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-1", "x", "127.0.0.1", "127.128.0.1", "10.0.0.1", "::1", "127.64.0", "12345678901"})
    void whatIsNeitherAccountNorSuchAnAddressIsNotAsked(String whom) {
        assertThat(whois.ask(whom, Duration.ofSeconds(1))).isEmpty();
    }

    @Test
    void strangersAreNobody() {
        for (String whom : new String[] {"2000001", "4294967295", "127.64.0.1", "127.127.255.254"}) {
            assertThat(whois.ask(whom, Duration.ofSeconds(1)).orElseThrow().join())
                    .isEmpty();
        }
    }
}
