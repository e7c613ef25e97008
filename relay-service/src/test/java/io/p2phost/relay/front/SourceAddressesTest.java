package io.p2phost.relay.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceAddressesTest {
    private final SourceAddresses sources = new SourceAddresses(new byte[SourceAddresses.KEY_BYTES]);

    @Test
    void everyAccountHasItsOwnOfTheNetworkAndAlwaysTheSame() {
        Set<Integer> seen = new HashSet<>();
        for (int account = 2_000_000; account < 2_002_000; account++) {
            int address = sources.of(account);
            assertThat(address >>> 22).as("127.64.0.0/10").isEqualTo((127 << 24 | 64 << 16) >>> 22);
            assertThat(sources.of(account)).isEqualTo(address);
            seen.add(address);
        }
        // Of 4.2 million addresses, 2,000 accounts share about one.
        assertThat(seen).hasSizeGreaterThan(1_990);
    }

    @Test
    void anotherKeyGivesOtherAddresses() {
        byte[] key = new byte[SourceAddresses.KEY_BYTES];
        key[0] = 1;
        assertThat(new SourceAddresses(key).of(2_000_000)).isNotEqualTo(sources.of(2_000_000));
    }

    @Test
    void shortKeyIsRefused() {
        assertThatThrownBy(() -> new SourceAddresses(new byte[3])).hasMessage("key: 3 bytes (expected: 32)");
    }
}
