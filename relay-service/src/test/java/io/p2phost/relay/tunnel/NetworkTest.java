package io.p2phost.relay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.77,203.0.113.0/24",
        "203.0.112.77,203.0.112.0/24",
        "2001:db8:1:2::3,2001:db8:1:0:0:0:0:0/48",
        "2001:db8:2:2::3,2001:db8:2:0:0:0:0:0/48"
    })
    void hostsOfOneNetworkHaveTheSame(String address, String network) {
        assertThat(Network.of(new InetSocketAddress(address, 7443))).contains(network);
    }

    @Test
    void noAddressHasNone() {
        assertThat(Network.of(null)).isEmpty();
        assertThat(Network.of(InetSocketAddress.createUnresolved("host.example", 1)))
                .isEmpty();
    }
}
