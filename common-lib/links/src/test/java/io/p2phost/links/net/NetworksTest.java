package io.p2phost.links.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.1.2.3/8, 10.9.9.9, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "::/0, 2001:db8::1, true",
        "::1, ::1, true",
        "10.0.0.0/8, ::ffff:10.1.1.1, true",
    })
    void addressIsInTheNetworkOrNot(String network, String address, boolean inside) throws Exception {
        assertThat(Networks.parse(List.of("198.51.100.0/24", network)).contains(InetAddress.getByName(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "10.0.0.0/", "example.org", "::/129", "1.2.3.4/a"})
    void whatIsNoNetworkIsSaidWithItsText(String text) {
        assertThatThrownBy(() -> Networks.parse(List.of("10.0.0.0/8", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text + " (expected: an address or a network");
    }

    @Test
    void listIsBounded() {
        assertThat(Networks.parse(Collections.nCopies(Networks.MOST, "10.0.0.0/8")))
                .isNotNull();
        assertThatThrownBy(() -> Networks.parse(Collections.nCopies(Networks.MOST + 1, "10.0.0.0/8")))
                .hasMessage("1025 networks (expected: at most 1024)");
    }
}
